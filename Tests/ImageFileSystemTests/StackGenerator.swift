/// Makes layers of few names, so that they get in each other's way.
struct StackGenerator {
    private var state: UInt64 = 0
    private var bytes: ArraySlice<UInt8>?

    /// Layers at random.
    init(seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678_9ABC_DEF1
    }

    /// Layers that bytes choose, one byte for each choice.
    init(bytes: [UInt8]) {
        self.bytes = bytes[...]
    }

    private mutating func below(_ count: Int) -> Int {
        if bytes != nil { return Int(bytes?.popFirst() ?? 0) % count }
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
        case 5..<9: return .directory(path(), mode: isTame ? 0o755 : pick(modes))
        case 9: return layer == 0 ? .file(path()) : .whiteout(path())
        case 10: return .link(path(), to: pick(["a", "b", "/c", "../d", "a/b", "/a/b/c", ".", ".."]))
        case 11: return layer == 0 ? .directory(path()) : .opaque(path())
        case 12, 13: return .link(path(), to: pick(["a", "b", "c/d", "/c", "../d", "e/../a"]))
        case 14: return .whiteout(path())
        case 15: return .opaque(pick(["", "a", "b", "a/b", "c/d/a"]))
        case 16, 17:
            return .hardLink(
                path(),
                to: below(8) == 0 ? "\(path())/../\(path())" : path(),
                mode: pick([0o755, 0o755, 0o755, 0o644])
            )
        case 18: return below(4) == 0 ? .device(path()) : .file(path())
        default:
            return pick([
                .directory("a", attributes: ["trusted.overlay.opaque": "y"]),
                .directory("b", attributes: ["user.note": "n"]),
                .file("a/.wh..wh.x", ""), .file("a/.wh.b", "content"), .file(".wh.", ""), .directory("."),
                .directory("b/.wh.a"), .file(".wh.a/b"), .file("a/.wh..wh..opq/b"),
            ])
        }
    }
}
