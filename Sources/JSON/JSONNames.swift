/// Compares the names of an object's members: as they are, escapes resolved.
enum JSONNames {
    // Up to so many members are compared with each other, which is quicker than hashing them.
    private static let fewMembers = 12

    /// The names that stood in the object before, as nodes.
    static func repeated(in object: Int, _ nodes: [JSONNode], _ bytes: UnsafeBufferPointer<UInt8>) -> [Int] {
        let end = Int(nodes[object].next)
        var names: [Int] = []
        var isEscaped = false
        var node = object + 1
        while node < end {
            names.append(node)
            isEscaped = isEscaped || nodes[node].isEscaped
            node = Int(nodes[node + 1].next)
        }
        guard names.count > 1 else { return [] }
        if names.count > fewMembers || isEscaped { return hashed(names, nodes, bytes) }
        var repeated: [Int] = []
        for (position, name) in names.enumerated()
        where names[..<position].contains(where: { isSame(nodes[name], nodes[$0], bytes) }) {
            repeated.append(name)
        }
        return repeated
    }

    /// The names that are canonically equivalent in Unicode to ones that stood in the object before, and have other
    /// bytes.
    ///
    /// To Swift's texts and dictionaries they are one, to readers that compare bytes they are two.
    static func equivalent(in object: Int, _ nodes: [JSONNode], _ bytes: UnsafeBufferPointer<UInt8>) -> [Int] {
        let end = Int(nodes[object].next)
        var names: [Int] = []
        var isASCII = true
        var node = object + 1
        while node < end {
            names.append(node)
            isASCII =
                isASCII && !nodes[node].isEscaped
                && bytes[Int(nodes[node].start)..<Int(nodes[node].end)].allSatisfy { $0 < 0x80 }
            node = Int(nodes[node + 1].next)
        }
        guard !isASCII, names.count > 1 else { return [] }
        var seen: [String: [UInt8]] = [:]
        return names.filter { name in
            let content = JSONText.content(nodes[name], bytes)
            let text = String(decoding: content, as: UTF8.self)
            guard let before = seen[text] else {
                seen[text] = content
                return false
            }
            return before != content
        }
    }

    private static func hashed(_ names: [Int], _ nodes: [JSONNode], _ bytes: UnsafeBufferPointer<UInt8>) -> [Int] {
        var seen: Set<[UInt8]> = []
        seen.reserveCapacity(names.count)
        return names.filter { !seen.insert(JSONText.content(nodes[$0], bytes)).inserted }
    }

    private static func isSame(_ left: JSONNode, _ right: JSONNode, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let count = left.end - left.start
        guard count == right.end - right.start else { return false }
        var (one, other) = (Int(left.start) + 1, Int(right.start) + 1)
        while one < Int(left.end) {
            if bytes[one] != bytes[other] { return false }
            one += 1
            other += 1
        }
        return true
    }
}
