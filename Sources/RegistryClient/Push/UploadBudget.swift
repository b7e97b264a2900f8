/// Bounds the ways round an upload: each one that wasn't planned is a failure.
struct UploadBudget {
    /// Failures since bytes have last arrived, the first being 1.
    private(set) var failures = 0
    private var total = 0
    private let attempts: Int

    /// A connection that moves some bytes each time before it breaks is given up some time.
    private static let largestTotal = 50
    /// Fewer bytes than these are not progress: a registry that takes one at a time takes for ever.
    private static let smallestGain: Int64 = 64 << 10

    init(attempts: Int) {
        self.attempts = attempts
    }

    /// Notes that so many bytes have arrived.
    mutating func gained(_ count: Int64) {
        if count >= Self.smallestGain { failures = 0 }
    }

    /// Notes a failure; false when it was one too many.
    mutating func fail() -> Bool {
        failures += 1
        total += 1
        return failures < attempts && total < Self.largestTotal
    }
}
