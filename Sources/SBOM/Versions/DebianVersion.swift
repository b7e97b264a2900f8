/// A version of a Debian package, `[epoch:]upstream[-revision]` (deb-version(7)).
struct DebianVersion {
    private let epoch: ArraySlice<UInt8>
    private let upstream: ArraySlice<UInt8>
    private let revision: ArraySlice<UInt8>

    /// Nil for a text that dpkg refuses.
    init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        if let colon = rest.firstIndex(of: UInt8(ascii: ":")) {
            epoch = rest[..<colon]
            rest = rest[(colon + 1)...]
            guard !epoch.isEmpty, epoch.allSatisfy(\.isDigit) else { return nil }
        } else {
            epoch = []
        }
        if let dash = rest.lastIndex(of: UInt8(ascii: "-")) {
            upstream = rest[..<dash]
            revision = rest[(dash + 1)...]
            guard !revision.isEmpty else { return nil }
        } else {
            upstream = rest
            revision = []
        }
        // dpkg accepts a version that begins with a letter, and warns.
        guard !upstream.isEmpty, upstream.allSatisfy({ $0.isDigit || $0.isLetter || "-+.~:".utf8.contains($0) }),
            revision.allSatisfy({ $0.isDigit || $0.isLetter || "+.~".utf8.contains($0) })
        else { return nil }
    }

    func compare(_ other: Self) -> Int {
        for (left, right) in [(epoch, other.epoch), (upstream, other.upstream), (revision, other.revision)] {
            let order = Self.compare(left, right)
            if order != 0 { return order }
        }
        return 0
    }

    // Runs without digits and runs of digits, in turn.
    private static func compare(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Int {
        var (left, right) = (left, right)
        while !left.isEmpty || !right.isEmpty {
            while left.first?.isDigit == false || right.first?.isDigit == false {
                let (one, other) = (weight(left.first), weight(right.first))
                if one != other { return one < other ? -1 : 1 }
                left = left.dropFirst()
                right = right.dropFirst()
            }
            let one = left.prefix(while: \.isDigit)
            let other = right.prefix(while: \.isDigit)
            let order = compareNumbers(one, other)
            if order != 0 { return order }
            left = left.dropFirst(one.count)
            right = right.dropFirst(other.count)
        }
        return 0
    }

    // `~` comes before the end of the run, then letters, then all else.
    private static func weight(_ byte: UInt8?) -> Int {
        guard let byte, !byte.isDigit else { return 0 }
        if byte == UInt8(ascii: "~") { return -1 }
        return byte.isLetter ? Int(byte) : Int(byte) + 256
    }
}
