package import ContentAddress
import GRDB
package import OCI

/// One move of a tag: which image a name led to before, and which one after.
package struct TagMove: Hashable, Sendable {
    /// The number of the event.
    package let sequence: Int64
    package let at: Timestamp?
    package let by: String
    /// The image that it led to; nil where it was new.
    package let from: Digest?
    /// The image that it leads to from now on; nil where it was removed.
    package let to: Digest?
    package let reason: String?
}

extension Store {
    /// Every move of an image's name that the log has, oldest first, at most the last `limit` of them.
    ///
    /// Reads the events of all images: some hundredths of a second for a hundred thousand of them.
    package func history(ofTag reference: String, limit: Int) throws(StoreError) -> [TagMove] {
        let text = String(decoding: CanonicalJSON.encode(.string(reference)), as: UTF8.self)
        let events = try index.read { db in
            // The bodies are canonical: a member stands in them in one way.
            try Row.fetchAll(
                db,
                sql: """
                    SELECT sequence, body FROM event WHERE instr(body, ?) > 0
                        OR (instr(body, '"removed":true') > 0 AND instr(body, '"what":"image"') > 0) ORDER BY sequence
                    """,
                arguments: [text]
            ).map { Event(sequence: $0["sequence"], body: try JSONColumn.decode($0["body"])) }
        }
        var moves: [TagMove] = []
        var present: Digest?
        for event in events {
            guard let target = event.target(ofTag: reference, present: present) else { continue }
            moves.append(
                TagMove(
                    sequence: event.sequence,
                    at: event["at"].flatMap { Timestamp(rfc3339: $0) },
                    by: event["by"] ?? "",
                    from: present,
                    to: target.image,
                    reason: event["reason"]
                )
            )
            present = target.image
        }
        return moves.suffix(limit)
    }
}

/// Where an event lets a name lead.
private enum TagTarget {
    case image(Digest)
    case nothing

    var image: Digest? { if case .image(let digest) = self { digest } else { nil } }
}

extension Event {
    /// Where a name leads after the event; nil where the event isn't about the name.
    fileprivate func target(ofTag reference: String, present: Digest?) -> TagTarget? {
        let digest = self["digest"].flatMap { try? Digest(parsing: $0) }
        switch self["what"] {
        case Kind.image.rawValue:
            if self["tag"] == reference { return digest.map { .image($0) } }
            // An image that goes takes its names with it.
            let isGone = self["removed"] == reference || (isRemovalOfAll && present != nil && digest == present)
            return isGone ? .nothing : nil
        case Kind.state.rawValue: return row?["tag"] == reference ? digest.map { .image($0) } : nil
        default: return nil
        }
    }

    private var isRemovalOfAll: Bool { isSet("removed") }
}
