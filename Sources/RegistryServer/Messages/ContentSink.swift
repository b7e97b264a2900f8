/// Where the content of one request goes, piece by piece.
///
/// All calls block, and are made one after the other.
protocol ContentSink: Sendable {
    /// Whether ``finish()`` takes long, so that others mustn't wait for its thread.
    var isSlow: Bool { get }
    /// Takes the next bytes; an answer when that fails.
    func write(_ bytes: UnsafeRawBufferPointer) -> Answer?
    /// The content has come to its end.
    func finish() -> Answer
    /// The connection has ended before the content.
    func abandon()
}
