/// What the numeric core runs on.
public enum NumericCore {
  /// The kernel path of this process: portable, avx2 or avx512.
  public static var kernels: String { "\(KernelPath.best)" }

  /// The OpenBLAS kernels that fit the instructions of this processor, if it has more than SSE.
  public static var blasCore: String? {
    switch KernelPath.available.last {
    case .avx512: "SkylakeX"
    case .avx2: "Haswell"
    case .portable, nil: nil
    }
  }
}
