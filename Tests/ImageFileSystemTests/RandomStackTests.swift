import ContentAddress
import Testing

/// Random layers, read by the tree and by a slow and plain model.
@Suite struct RandomStackTests {
    @Test(arguments: 0..<8) func agreesWithThePlainModel(part: Int) throws {
        var disagreements: [String] = []
        var plain = 0
        for seed in 0..<500 {
            var generator = StackGenerator(seed: UInt64(part * 1_000_000 + seed))
            let layers = generator.stack()
            let model = PlainModel(layers)
            let reading = try Reading(layers)
            if model.notes.isEmpty { plain += 1 }
            let isSame =
                model.notes.isEmpty != reading.isAmbiguous
                && (!model.notes.isEmpty || Self.shown(model.flat) == reading.seen)
            guard !isSame else { continue }
            let text = layers.enumerated().map { number, items in
                "layer \(number): " + items.map(\.description).joined(separator: "; ")
            }
            disagreements.append(
                text.joined(separator: "\n")
                    + "\nmodel: \(model.notes.prefix(3))\ntree: \(reading.differences.prefix(3))"
            )
        }
        #expect(disagreements.isEmpty, "\(disagreements.count): \(disagreements.min { $0.count < $1.count } ?? "")")
        // Both answers must occur often.
        #expect(plain > 50 && plain < 450, "\(plain)")
    }

    private static func shown(_ flat: [String: String]) -> [String: String] {
        flat.mapValues { text in
            // "kind content mode attributes": the content as its digest, the attributes as their count.
            let parts = text.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
            let content = parts[0] == "file" ? Digest.of(Array(parts[1].utf8)).hex : parts[1]
            let count = parts[3] == "[]" ? 0 : parts[3].split(separator: "key:").count - 1
            return "\(parts[0]) \(content) \(parts[2]) \(count)"
        }
    }
}

/// Makes layers of few names, so that they get in each other's way.
struct StackGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678_9ABC_DEF1
    }

    private mutating func below(_ count: Int) -> Int {
        // xorshift64*
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return Int(truncatingIfNeeded: (state &* 0x2545_F491_4F6C_DD1D) >> 33) % count
    }

    private mutating func pick<T>(_ values: [T]) -> T { values[below(values.count)] }

    private mutating func path() -> String {
        var names: [String] = []
        for _ in 0...below(3) { names.append(pick(["a", "b", "c", "d"])) }
        if below(60) == 0 { names.insert("..", at: below(names.count)) }
        return names.joined(separator: "/")
    }

    mutating func stack() -> [[Item]] {
        // Some stacks are tame, so that long ones without a trick occur.
        let isTame = below(2) == 0
        return (0...below(4)).map { number in (0...below(7)).map { _ in item(number, isTame: isTame) } }
    }

    private mutating func item(_ layer: Int, isTame: Bool) -> Item {
        let modes = [0o755, 0o755, 0o755, 0o700]
        switch below(isTame ? 12 : 20) {
        case 0..<5: return .file(path(), pick(["", "x", "y"]), mode: pick([0o755, 0o644]))
        case 5..<9: return .folder(path(), mode: isTame ? 0o755 : pick(modes))
        case 9: return layer == 0 ? .file(path()) : .whiteout(path())
        case 10: return .link(path(), to: pick(["a", "b", "/c", "../d", "a/b", "/a/b/c", ".", ".."]))
        case 11: return layer == 0 ? .folder(path()) : .opaque(path())
        case 12, 13: return .link(path(), to: pick(["a", "b", "c/d", "/c", "../d", "e/../a"]))
        case 14: return .whiteout(path())
        case 15: return .opaque(pick(["", "a", "b", "a/b", "c/d/a"]))
        case 16, 17: return .hardLink(path(), to: path(), mode: pick([0o755, 0o755, 0o755, 0o644]))
        case 18: return below(4) == 0 ? .device(path()) : .file(path())
        default:
            return pick([
                .folder("a", attributes: ["trusted.overlay.opaque": "y"]), .folder("b", attributes: ["user.note": "n"]),
                .file("a/.wh..wh.x", ""), .file("a/.wh.b", "content"), .file(".wh.", ""), .folder("."),
                .folder("b/.wh.a"),
            ])
        }
    }
}
