import CKernels

/// A set of processor instructions that the integer kernels can use.
///
/// All paths give the same integers; they differ in speed only. The environment variable
/// `METASTAT_KERNELS` (`portable`, `avx2`, `avx512`) chooses the path of a process.
package enum KernelPath: Int32, Sendable, CaseIterable {
  /// Plain C, on every processor.
  case portable
  /// 256-bit vectors of x86-64.
  case avx2
  /// 512-bit vectors of x86-64 with VNNI and VPOPCNTDQ.
  case avx512

  /// The path that is used unless another is asked for.
  package static var best: KernelPath { KernelPath(rawValue: ck_best_path()) ?? .portable }

  /// The paths that this processor can run.
  package static var available: [KernelPath] {
    allCases.filter { ck_path_is_available($0.rawValue) != 0 }
  }
}
