// Reading the scans of a folder into a matrix with Foundation's JSONDecoder. Prints the seconds of
// processor time. usage: decoding FOLDER
import Foundation

struct Scan: Decodable {
  struct Answer: Decodable {
    var applies: Bool
    var answer: Bool
  }
  var checklist: [String: [String: Answer]]
}

func processorTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

let folder = URL(filePath: CommandLine.arguments[1])
let start = processorTime()
let decoder = JSONDecoder()
var columns: [String: Int] = [:]
var rows: [[(column: Int, cell: Int8)]] = []
let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
let scans = (files?.allObjects ?? []).compactMap { $0 as? URL }.filter {
  $0.lastPathComponent.hasPrefix("scan") && $0.pathExtension == "json"
}
for file in scans.sorted(by: { $0.path < $1.path }) {
  let scan = try decoder.decode(Scan.self, from: try Data(contentsOf: file))
  var row: [(Int, Int8)] = []
  for (category, answers) in scan.checklist {
    for (name, answer) in answers {
      let column = columns["\(category).\(name)"] ?? columns.count
      columns["\(category).\(name)"] = column
      row.append((column, answer.applies ? answer.answer ? 1 : 0 : -1))
    }
  }
  rows.append(row)
}
var matrix = [Int8](repeating: -2, count: rows.count * columns.count)
for (index, row) in rows.enumerated() {
  for (column, cell) in row { matrix[index * columns.count + column] = cell }
}
FileHandle.standardError.write(Data("\(rows.count) x \(columns.count)\n".utf8))
print(processorTime() - start)
