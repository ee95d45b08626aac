import Synchronization

/// A value that is made when it is first asked for, then kept.
///
/// Two threads that ask at the same time may both make it; one of the two is kept for both.
final class OnDemand<Value: AnyObject & Sendable>: Sendable {
  private let kept = AtomicLazyReference<Value>()

  /// The value, made by the function if there is none yet.
  func value(_ make: () -> Value) -> Value { kept.load() ?? kept.storeIfNil(make()) }
}

/// A value in a box of its own, for ``OnDemand``.
final class Kept<Value: Sendable>: Sendable {
  /// The value.
  let value: Value

  init(_ value: Value) { self.value = value }
}
