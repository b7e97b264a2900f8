import ArtifactStore
import ContentAddress

/// The entries of the log as server-sent events, from some entry on (HTML Living Standard, "Server-sent events").
struct EventStream: Sendable {
    private let store: Store
    /// The entry behind which it goes on.
    private let last: Int64
    /// How many pieces may still come: it ends by itself, and its client comes again.
    private let turns: Int
    private let isFirst: Bool
    /// What is told how many bytes are sent.
    private var charge: @Sendable (Int64) -> Void = { _ in }

    /// Entries that are sent in one piece.
    private static let pageSize = 100
    /// How long the log is looked at again after nothing had come, in milliseconds.
    static let pause: Int64 = 1000
    /// Looks at the log that find nothing before a comment keeps the connection, in seconds.
    private static let silence = 15

    /// Goes on behind an entry, for about so many seconds.
    init(_ store: Store, after last: Int64, seconds: Int) { self.init(store, last, turns: seconds, isFirst: true) }

    private init(_ store: Store, _ last: Int64, turns: Int, isFirst: Bool) {
        (self.store, self.last, self.turns, self.isFirst) = (store, last, turns, isFirst)
    }

    /// The same, which tells what it sends.
    func charging(_ charge: @escaping @Sendable (Int64) -> Void) -> EventStream {
        var stream = self
        stream.charge = charge
        return stream
    }

    /// What the log has by now.
    struct Piece: Sendable {
        /// What is sent; nothing where nothing has come.
        let bytes: [UInt8]
        /// Whether more may be there at once.
        let isFull: Bool
        /// What comes next; nil at the end.
        let next: EventStream?
    }

    /// The next piece; blocks.
    func piece() throws -> Piece {
        let events = try store.events(after: last, limit: Self.pageSize)
        var text = ""
        for event in events {
            let body = String(decoding: CanonicalJSON.encode(event.body), as: UTF8.self)
            // Canonical JSON has no line break.
            text += "id: \(event.sequence)\nevent: entry\ndata: \(body)\n\n"
        }
        // The first one sends the head of the answer, too.
        if events.isEmpty, isFirst || turns % Self.silence == 0 { text = ":\n\n" }
        let isFull = events.count == Self.pageSize
        let rest = isFull ? turns : turns - 1
        let next = EventStream(store, events.last?.sequence ?? last, turns: rest, isFirst: false).charging(charge)
        charge(Int64(text.utf8.count))
        return Piece(bytes: Array(text.utf8), isFull: isFull, next: rest > 0 ? next : nil)
    }
}
