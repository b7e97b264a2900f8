import Archive

/// How many bytes may be unpacked while an image is opened.
package enum UnpackLimit: Hashable, Sendable {
    /// What the compressed bytes make plausible (``WorkBudget``); 32 GiB of what isn't compressed.
    case usual
    /// So many bytes of layers, and what an archive has beside them.
    case bytes(Int64)

    private static let plain: Int64 = 32 << 30
    // Headers, padding and documents.
    private static let overhead: Int64 = 1 << 20

    /// A budget for compressed bytes; those that are read earn it more, unless it is fixed.
    func budget() -> WorkBudget {
        switch self {
        case .usual: WorkBudget()
        case .bytes(let count): Self.fixed(count)
        }
    }

    /// A budget for bytes that aren't compressed.
    func plainBudget() -> WorkBudget {
        switch self {
        case .usual: WorkBudget(bytes: Self.plain)
        case .bytes(let count): Self.fixed(count)
        }
    }

    private static func fixed(_ count: Int64) -> WorkBudget {
        let most = max(0, count)
        let (sum, overflow) = most.addingReportingOverflow(most / 8 + overhead)
        return WorkBudget(bytes: overflow ? .max : sum)
    }
}
