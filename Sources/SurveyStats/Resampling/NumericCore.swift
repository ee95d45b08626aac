/// What the numeric core runs on.
public enum NumericCore {
  /// The kernel path of this process: portable, avx2 or avx512.
  public static var kernels: String { "\(KernelPath.best)" }
}
