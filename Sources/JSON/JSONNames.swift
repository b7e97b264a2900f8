/// Compares the names of an object's members: as they are, escapes resolved.
enum JSONNames {
    // Up to so many members are compared with each other, which is quicker than hashing them.
    private static let fewMembers = 12

    /// A name that stood in the object before, to some readers or to all.
    struct Repeat {
        let name: Int
        let kind: JSONIrregularity.Kind
    }

    /// The names that stood in the object before, and then those that are canonically equivalent in Unicode to ones
    /// that did and have other bytes: to Swift's texts and dictionaries they are one, to readers that compare bytes two.
    static func repeats(in object: Int, _ tape: JSONTape) -> [Repeat] {
        let end = Int(tape.nodes[object].next)
        var (count, isEscaped, isASCII) = (0, false, true)
        var name = object + 1
        while name < end {
            count += 1
            isEscaped = isEscaped || tape.nodes[name].isEscaped
            isASCII = isASCII && tape.nodes[name].isASCII
            name = tape.name(after: name)
        }
        guard count > 1 else { return [] }
        let repeated =
            if isEscaped {
                decoded(in: object, tape)
            } else {
                count > fewMembers ? hashed(in: object, count, tape) : compared(in: object, tape)
            }
        guard !repeated.isEmpty || !isASCII else { return [] }
        let equivalent = isASCII ? [] : equivalent(in: object, tape)
        return repeated.map { Repeat(name: $0, kind: .repeatedMember) }
            + equivalent.map { Repeat(name: $0, kind: .equivalentMember) }
    }

    private static func compared(in object: Int, _ tape: JSONTape) -> [Int] {
        let end = Int(tape.nodes[object].next)
        var repeated: [Int] = []
        var name = object + 1
        while name < end {
            var other = object + 1
            while other < name, !tape.isSame(name, other) { other = tape.name(after: other) }
            if other < name { repeated.append(name) }
            name = tape.name(after: name)
        }
        return repeated
    }

    // A table of nodes by their names' hashes, which are seeded: nobody can choose names that collide.
    private static func hashed(in object: Int, _ count: Int, _ tape: JSONTape) -> [Int] {
        let end = Int(tape.nodes[object].next)
        let mask = (2 * count).nextPowerOfTwo - 1
        var table = [UInt32](repeating: 0, count: mask + 1)
        var repeated: [Int] = []
        var name = object + 1
        while name < end {
            var hasher = Hasher()
            hasher.combine(bytes: UnsafeRawBufferPointer(tape.inner(name)))
            var slot = hasher.finalize() & mask
            while table[slot] != 0, !tape.isSame(Int(table[slot]), name) { slot = (slot + 1) & mask }
            if table[slot] == 0 { table[slot] = UInt32(name) } else { repeated.append(name) }
            name = tape.name(after: name)
        }
        return repeated
    }

    private static func decoded(in object: Int, _ tape: JSONTape) -> [Int] {
        var seen: Set<[UInt8]> = []
        return names(of: object, tape).filter { !seen.insert(JSONText.content(tape.nodes[$0], tape.bytes)).inserted }
    }

    private static func equivalent(in object: Int, _ tape: JSONTape) -> [Int] {
        var seen: [String: [UInt8]] = [:]
        return names(of: object, tape).filter { name in
            let content = JSONText.content(tape.nodes[name], tape.bytes)
            let text = String(decoding: content, as: UTF8.self)
            guard let before = seen[text] else {
                seen[text] = content
                return false
            }
            return before != content
        }
    }

    private static func names(of object: Int, _ tape: JSONTape) -> [Int] {
        let end = Int(tape.nodes[object].next)
        return Array(sequence(first: object + 1) { tape.name(after: $0) }.prefix { $0 < end })
    }
}

extension Int {
    // Of a number above 1.
    fileprivate var nextPowerOfTwo: Int { 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount) }
}
