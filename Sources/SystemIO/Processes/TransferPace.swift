/// Whether a peer keeps a least pace: 1 KiB a second, over a window.
///
/// Only time that is spent waiting for the peer counts; what this side does in between doesn't.
package struct TransferPace: Sendable {
    /// The window, in seconds.
    package let window: Double
    private var waited = 0.0
    private var moved: Int64 = 0

    /// In bytes a second.
    private static let floor = 1024.0

    package init(window: Double) {
        self.window = window
    }

    /// How much longer may be waited, in seconds; 0 when the peer is too slow.
    package var rest: Double { max(0, window - waited) }

    /// Counts a wait of some seconds and the bytes that it brought.
    package mutating func count(seconds: Double, bytes: Int) {
        waited += seconds
        let (sum, isOver) = moved.addingReportingOverflow(Int64(bytes))
        moved = isOver ? .max : sum
        guard Double(moved) >= window * Self.floor else { return }
        waited = 0
        moved = 0
    }

    /// What was too slow, for messages: "it sends …".
    package func description(_ verb: String) -> String {
        "it \(verb) less than 1 KiB a second for \(Self.words(window))"
    }

    /// A number of seconds in words.
    package static func words(_ seconds: Double) -> String {
        seconds == 1 ? "a second" : "\(Int(min(seconds, 1e9))) seconds"
    }
}
