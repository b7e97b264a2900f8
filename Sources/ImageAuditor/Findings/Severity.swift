/// How much a finding matters.
package enum Severity: String, Sendable, Codable, Comparable {
    /// Worth knowing.
    case note
    /// Worth a look before the image is used.
    case warning
    /// Wrong.
    case error

    /// A note is less than a warning, which is less than an error.
    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .note: 0
        case .warning: 1
        case .error: 2
        }
    }
}
