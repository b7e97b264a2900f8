import Synchronization

/// Collects the failures of jobs that run side by side: the first by number is thrown, whichever came first.
final class JobResults: Sendable {
    private let errors: Mutex<[AssemblerError?]>

    init(count: Int) {
        errors = Mutex(Array(repeating: nil, count: count))
    }

    /// Whether a job has failed, so that the others needn't start.
    var hasFailed: Bool { errors.withLock { $0.contains { $0 != nil } } }

    /// Notes a failure.
    func fail(_ job: Int, _ error: AssemblerError) {
        errors.withLock { $0[job] = error }
    }

    /// Throws a failure if there is one.
    func check() throws(AssemblerError) {
        if let error = errors.withLock({ $0.compactMap(\.self).first }) { throw error }
    }
}
