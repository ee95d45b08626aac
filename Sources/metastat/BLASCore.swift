import CLapack
import Glibc
import SurveyStats

/// The processor-specific kernels of OpenBLAS.
///
/// OpenBLAS chooses its kernels when it is loaded. Releases that do not know a new processor fall
/// back to kernels for early SSE processors, five times slower; the choice can be made again before
/// any other thread uses the library. A choice of the user (`OPENBLAS_CORETYPE`) always stands.
enum BLASCore {
  /// The name of the kernels in use.
  static var name: String { String(cString: openblas_get_corename()) }

  /// Chooses the kernels again if OpenBLAS fell back to old ones on a processor that has more.
  static func correct() {
    guard getenv("OPENBLAS_CORETYPE") == nil, ["Prescott", "Core2", "Katmai"].contains(name),
      let better = NumericCore.blasCore
    else { return }
    load(better)
  }

  /// Loads the kernels of the given name.
  static func load(_ core: String) {
    typealias Function = @convention(c) () -> Void
    guard let quit = dlsym(nil, "gotoblas_dynamic_quit"),
      let start = dlsym(nil, "gotoblas_dynamic_init")
    else { return }
    setenv("OPENBLAS_CORETYPE", core, 1)
    unsafeBitCast(quit, to: Function.self)()
    unsafeBitCast(start, to: Function.self)()
  }
}
