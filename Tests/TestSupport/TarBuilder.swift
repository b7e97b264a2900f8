/// Makes tar archives by hand, right or wrong in any field, for what no honest tar program writes.
package struct TarBuilder: Sendable {
    /// The archive so far, without its end.
    package private(set) var bytes: [UInt8] = []

    /// An empty archive.
    package init() {}

    /// The archive with the two blocks of zeros that end it.
    package var archive: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }

    /// Adds a regular file.
    package mutating func file(
        _ path: String,
        _ content: [UInt8],
        mode: Int = 0o644,
        uid: Int = 0,
        gid: Int = 0,
        pax: [(String, [UInt8])] = []
    ) {
        add(path, "0", content: content, mode: mode, uid: uid, gid: gid, pax: pax)
    }

    /// Adds a regular file of text.
    package mutating func file(_ path: String, _ text: String, mode: Int = 0o644) {
        file(path, Array(text.utf8), mode: mode)
    }

    /// Adds a directory.
    package mutating func directory(_ path: String, mode: Int = 0o755) {
        add(path.hasSuffix("/") ? path : path + "/", "5", mode: mode)
    }

    /// Adds a symbolic link.
    package mutating func symbolicLink(_ path: String, to target: String) {
        add(path, "2", link: target, mode: 0o777)
    }

    /// Adds a hard link.
    package mutating func hardLink(_ path: String, to target: String) {
        add(path, "1", link: target)
    }

    /// Adds any entry; `size` overrides what the header says of the content.
    package mutating func add(
        _ path: String,
        _ type: Character,
        content: [UInt8] = [],
        link: String = "",
        mode: Int = 0o644,
        uid: Int = 0,
        gid: Int = 0,
        size: [UInt8]? = nil,
        pax: [(String, [UInt8])] = [],
        device: (Int, Int) = (0, 0)
    ) {
        if path.utf8.count > 100 {
            appendEntry(Array("@LongLink".utf8), UInt8(ascii: "L"), content: Array(path.utf8) + [0])
        }
        if link.utf8.count > 100 {
            appendEntry(Array("@LongLink".utf8), UInt8(ascii: "K"), content: Array(link.utf8) + [0])
        }
        if !pax.isEmpty {
            let body = pax.flatMap { Self.record($0.0, $0.1) }
            appendEntry(Array("pax".utf8), UInt8(ascii: "x"), content: body)
        }
        appendEntry(
            Array(path.utf8.prefix(100)),
            type.asciiValue ?? 0,
            content: content,
            link: Array(link.utf8.prefix(100)),
            mode: mode,
            uid: uid,
            gid: gid,
            size: size,
            device: device
        )
    }

    /// Adds bytes as they are.
    package mutating func raw(_ bytes: [UInt8]) {
        self.bytes += bytes
    }

    /// Flips a bit of what is there already.
    package mutating func corrupt(at offset: Int) {
        bytes[offset] ^= 1
    }

    /// A PAX record.
    package static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
        let rest = Array(" \(key)=".utf8) + value + [UInt8(ascii: "\n")]
        var count = rest.count + 1
        while rest.count + String(count).utf8.count != count { count = rest.count + String(count).utf8.count }
        return Array(String(count).utf8) + rest
    }

    private mutating func appendEntry(
        _ path: [UInt8],
        _ type: UInt8,
        content: [UInt8] = [],
        link: [UInt8] = [],
        mode: Int = 0o644,
        uid: Int = 0,
        gid: Int = 0,
        size: [UInt8]? = nil,
        device: (Int, Int) = (0, 0)
    ) {
        bytes += Self.header { block in
            Self.put(path, at: 0, in: &block)
            Self.put(Self.octal(mode, 7), at: 100, in: &block)
            Self.put(Self.octal(uid, 7), at: 108, in: &block)
            Self.put(Self.octal(gid, 7), at: 116, in: &block)
            Self.put(size ?? Self.octal(content.count, 11), at: 124, in: &block)
            Self.put(Self.octal(1_700_000_000, 11), at: 136, in: &block)
            block[156] = type
            Self.put(link, at: 157, in: &block)
            Self.put(Array("ustar\u{0}00".utf8), at: 257, in: &block)
            Self.put(Self.octal(device.0, 7), at: 329, in: &block)
            Self.put(Self.octal(device.1, 7), at: 337, in: &block)
        }
        bytes += content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    /// A header block with its checksum, filled in by a closure.
    package static func header(_ fill: (inout [UInt8]) -> Void) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 512)
        fill(&block)
        put(Array("        ".utf8), at: 148, in: &block)
        let sum = block.reduce(0) { $0 + Int($1) }
        put(octal(sum, 6) + [0, UInt8(ascii: " ")], at: 148, in: &block)
        return block
    }

    /// Writes bytes into a block.
    package static func put(_ bytes: [UInt8], at start: Int, in block: inout [UInt8]) {
        for (position, byte) in bytes.enumerated() { block[start + position] = byte }
    }

    /// Octal digits with leading zeros.
    package static func octal(_ value: Int, _ digits: Int) -> [UInt8] {
        let text = String(value, radix: 8)
        return Array((String(repeating: "0", count: max(0, digits - text.count)) + text).utf8)
    }
}
