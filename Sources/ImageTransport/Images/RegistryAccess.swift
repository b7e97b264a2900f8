package import OCI

/// How images in registries are opened: handed to ``ImageSources`` and ``ImageDestinations`` by whoever has a network,
/// since this module has none.
package protocol RegistryAccess: Sendable {
    /// Opens `docker://REFERENCE` for reading.
    func source(_ reference: String) throws(TransportError) -> any ImageSource

    /// Opens `docker://REFERENCE` for writing.
    ///
    /// `name` is what the image is called where the reference has no tag.
    func destination(_ reference: String, name: ImageReference?) throws(TransportError) -> any ImageDestination

    /// How long a container engine is waited for, which is as far away.
    var enginePatience: Patience { get }

    /// Says what a person should know though nothing has failed.
    func warn(_ text: String)
}

extension RegistryAccess {
    /// The usual one.
    package var enginePatience: Patience { .engine }

    /// Says nothing.
    package func warn(_ text: String) {}
}
