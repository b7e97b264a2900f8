package import ContentAddress
package import OCI
package import SystemIO

/// Where an image is written to.
///
/// Calls block, and come from one thread: first blobs in the order of ``ImageOutline/blobs``, then one
/// ``finish(_:)``. Nothing counts before that: a destination that is let go without it leaves what was there before,
/// with at most blobs that nothing names. The contract suite is `ImageDestinationContract` in the tests.
package protocol ImageDestination: AnyObject {
    /// The reference it was opened by, for messages.
    var name: String { get }

    /// Tells what will come at most, before anything does: whoever knows already that there is no room throws.
    func prepare(for blobs: [Descriptor]) throws(TransportError)

    /// Whether a blob is there already, so that it needn't be sent.
    func has(_ descriptor: Descriptor) throws(TransportError) -> Bool

    /// Takes a blob. The stream checks size and digest: when it throws, nothing of the blob may stay.
    func add(_ blob: BlobStream, _ descriptor: Descriptor) throws(TransportError)

    /// Takes a blob whose bytes are those of a file that was checked before; false when it wants a stream instead.
    func add(_ file: borrowing File, _ descriptor: Descriptor) throws(TransportError) -> Bool

    /// Whether it has a place for what refers to a manifest.
    var takesReferrers: Bool { get }

    /// Attaches a manifest to its subject, by a tag where its bytes don't name it; its blobs, itself included, were added
    /// before, and the image isn't finished.
    func attach(_ referrer: ImageOutline, to subject: Digest, by tag: CosignTag?) throws(TransportError)

    /// Ends the image: gives it its name, and puts everything in its place.
    func finish(_ image: ImageOutline) throws(TransportError)
}

extension ImageDestination {
    /// Does nothing: most places take what comes.
    package func prepare(for blobs: [Descriptor]) throws(TransportError) {}

    /// False: archives of engines have no place for referrers.
    package var takesReferrers: Bool { false }

    /// Does nothing: whoever has no place for referrers isn't given any.
    package func attach(_ referrer: ImageOutline, to subject: Digest, by tag: CosignTag?) throws(TransportError) {}

    /// False: a destination that isn't a file of this machine reads the bytes.
    package func add(_ file: borrowing File, _ descriptor: Descriptor) throws(TransportError) -> Bool { false }
}
