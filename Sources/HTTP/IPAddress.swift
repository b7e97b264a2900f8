import Glibc

/// An address of IPv4 or IPv6; one of the first that is written as the second is the first (RFC 4291, section 2.5.5.2).
struct IPAddress: Equatable, Sendable {
    private let bytes: [UInt8]

    /// How many bits it has.
    var bitCount: Int { bytes.count * 8 }

    /// Reads the written form; nil for another text.
    init?(_ text: String) {
        // A zone names an interface of this machine, and is not a part of the address.
        let text = text.prefix { $0 != "%" }
        var small = in_addr()
        var large = in6_addr()
        if inet_pton(AF_INET, String(text), &small) == 1 {
            bytes = withUnsafeBytes(of: &small) { Array($0) }
        } else if inet_pton(AF_INET6, String(text), &large) == 1 {
            let all = withUnsafeBytes(of: &large) { Array($0) }
            let isMapped = all.prefix(10).allSatisfy { $0 == 0 } && all[10] == 0xFF && all[11] == 0xFF
            bytes = isMapped ? Array(all[12...]) : all
        } else {
            return nil
        }
    }

    /// Whether it has the first bits of another address of its kind.
    func isIn(_ network: IPAddress, _ bits: Int) -> Bool {
        guard bytes.count == network.bytes.count else { return false }
        return zip(bytes, network.bytes).enumerated().allSatisfy { index, pair in
            let count = min(max(bits - index * 8, 0), 8)
            let mask = UInt8(truncatingIfNeeded: 0xFF << (8 - count))
            return (pair.0 ^ pair.1) & mask == 0
        }
    }
}
