import Synchronization

/// The space that is kept for the content of one request, until it lies in the upload.
final class UploadShare: Sendable {
    /// What is answered where there is no more.
    let full: RegistryProblem
    private let promise: @Sendable (Int64) throws -> Bool
    private let redeem: @Sendable (Int64) -> Void
    private let rest = Mutex<Int64>(0)

    /// Content of a length that nobody announced gets its space in such steps, in bytes.
    private static let step: Int64 = 8 << 20

    /// `promise` keeps space for so many bytes, or says that there is none; `redeem` gives it back.
    init(
        full: RegistryProblem,
        promise: @escaping @Sendable (Int64) throws -> Bool,
        redeem: @escaping @Sendable (Int64) -> Void
    ) {
        (self.full, self.promise, self.redeem) = (full, promise, redeem)
    }

    deinit { redeem(rest.withLock(\.self)) }

    /// Keeps space for so many bytes more; false where there is none.
    func keep(_ count: Int64) throws -> Bool {
        guard try promise(count) else { return false }
        rest.withLock { $0 += count }
        return true
    }

    /// Whether there is room for the next bytes.
    func take(_ count: Int64) throws -> Bool {
        let missing = count - rest.withLock(\.self)
        guard missing > 0 else { return true }
        return try keep(max(missing, Self.step)) || keep(missing)
    }

    /// These bytes are in the upload.
    func settle(_ count: Int64) {
        let kept = rest.withLock { rest in
            let kept = min(count, rest)
            rest -= kept
            return kept
        }
        redeem(kept)
    }
}
