import CLapack
import Glibc

/// What the numeric core runs on: kernels of its own, and OpenBLAS.
public enum NumericCore {
  /// The kernel path of this process: portable, avx2 or avx512.
  public static var kernels: String { "\(KernelPath.best)" }

  /// The name of the processor-specific kernels of OpenBLAS in use.
  public static var blasCore: String { unsafe String(cString: openblas_get_corename()) }

  /// Prepares OpenBLAS for work that is divided into tasks; call it once, before any other thread
  /// uses the library.
  ///
  /// It gets one thread, as tasks run side by side already, and its other threads, which wait for
  /// work by asking for it again and again, end. Releases of OpenBLAS that do not know a
  /// new processor fall back to kernels for early SSE processors, five times slower: then the
  /// kernels are chosen again, unless the user has chosen (`OPENBLAS_CORETYPE`). Without this call
  /// results are the same up to rounding, and slower.
  public static func prepare() {
    if unsafe getenv("OPENBLAS_CORETYPE") == nil,
      ["Prescott", "Core2", "Katmai"].contains(blasCore)
    {
      switch KernelPath.available.last {
      case .avx512: loadBLAS(core: "SkylakeX")
      case .avx2: loadBLAS(core: "Haswell")
      case .portable, nil: break
      }
    }
    openblas_set_num_threads(1)
    call("blas_thread_shutdown_")
  }

  /// Loads the OpenBLAS kernels of the given name, where the library can be loaded anew.
  ///
  /// OpenBLAS chooses its kernels when it is loaded and reads the environment then, so its own start
  /// is run again.
  private static func loadBLAS(core: String) {
    unsafe setenv("OPENBLAS_CORETYPE", core, 1)
    if call("gotoblas_dynamic_quit") { call("gotoblas_dynamic_init") }
  }

  /// Calls a function of OpenBLAS that takes and returns nothing; false where there is none.
  @discardableResult private static func call(_ name: String) -> Bool {
    guard let function = unsafe dlsym(nil, name) else { return false }
    unsafe unsafeBitCast(function, to: (@convention(c) () -> Void).self)()
    return true
  }
}
