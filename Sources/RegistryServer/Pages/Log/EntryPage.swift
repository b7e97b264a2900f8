import ArtifactStore
import ContentAddress
import OCI
import Printable
import TransparencyLog

/// One entry of the log with what shows that it is in it.
enum EntryPage {
    static func page(_ store: Store, _ number: Int64) throws -> Page {
        let proof = try store.logProof(ofEvent: number)
        guard let event = try store.events(after: number - 1, limit: 1).first else {
            throw APIProblem.unknown("The log has no entry \(number).")
        }
        let facts: [(String, HTML)] = [
            ("When", Parts.time(event.time)), ("By", "\(event["by"] ?? "")"), ("About", EntryText.html(event)),
        ]
        return Page(
            title: "Entry \(number)",
            part: .log,
            trail: ["<a href=\"\(Link.log)\">Log</a>"],
            kind: event["what"],
            body: """
                <section>\(Parts.facts(facts))</section>
                \(Parts.section("The entry", "<pre class=\"json\"><code>\(lines: pretty(event.body))</code></pre>"))
                \(inclusion(proof))
                """
        )
    }

    private static func inclusion(_ proof: LogProof) -> HTML {
        let root = proof.checkpoint.root.hex
        let facts: [(String, HTML)] = [
            ("Leaf", "\(proof.index), <code class=\"digest whole\">\(MerkleHash.leaf(proof.leaf).hex)</code>"),
            (
                "Root",
                "of \(ByteCount.grouped(proof.checkpoint.size)) entries, <code class=\"digest whole\">\(root)</code>"
            ),
        ]
        let path: [HTML] = proof.path.map { "<li><code class=\"digest whole\">\($0.hex)</code></li>" }
        return Parts.section(
            "Proof of inclusion",
            "\(Parts.facts(facts))<ol class=\"plain\">\(path)</ol>",
            note: "Hashed with these, from the first on, the leaf gives the root (RFC 6962)."
        )
    }

    /// The members of an object, a line each.
    private static func pretty(_ value: JSONValue, indent: String = "") -> String {
        switch value {
        case .object(let members) where !members.isEmpty:
            let inner = indent + "  "
            let lines = members.sorted { $0.key < $1.key }.map { name, value in
                inner + String(decoding: CanonicalJSON.encode(.string(name)), as: UTF8.self) + ": "
                    + pretty(value, indent: inner)
            }
            return "{\n" + lines.joined(separator: ",\n") + "\n" + indent + "}"
        default: return String(decoding: CanonicalJSON.encode(value), as: UTF8.self)
        }
    }
}
