package import OCI

/// A destination that is far away: it takes several blobs at once, from several threads, and the same bytes again when
/// a transfer breaks off.
package protocol RemoteImageDestination: ImageDestination, Sendable {
    /// How many blobs it takes at once.
    var concurrency: Int { get }

    /// Hears what is coming, before the first blob.
    func begin(_ image: ImageOutline, from source: any ImageSource) throws(TransportError)

    /// Takes a blob, opened as often as it takes.
    ///
    /// `progress` gets the number of bytes that have been sent for the first time since its last call.
    func add(
        _ descriptor: Descriptor,
        progress: @escaping @Sendable (Int64) -> Void,
        opening: @escaping @Sendable () throws(TransportError) -> BlobStream
    ) throws(TransportError)
}
