package import ContentAddress
import Synchronization

/// Which images aren't served, since they were made of drafts that aren't sealed.
///
/// An image that is served once stays so: a seal is for ever.
package final class DraftRule: Sendable {
    private let isUnsealed: @Sendable (Digest) throws -> Bool
    private let served = Mutex<Set<Digest>>([])

    /// More images than these are looked at again.
    private static let most = 100_000

    /// `isUnsealed` says whether an image of the store was made of a draft that isn't sealed.
    package init(isUnsealed: @escaping @Sendable (Digest) throws -> Bool) { self.isUnsealed = isUnsealed }

    func withholds(_ image: Digest) throws -> Bool {
        if served.withLock({ $0.contains(image) }) { return false }
        if try isUnsealed(image) { return true }
        served.withLock { served in
            if served.count >= Self.most { served.removeAll() }
            served.insert(image)
        }
        return false
    }
}
