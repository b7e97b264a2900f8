package import OCI

/// Opens destinations by their written references.
package enum ImageDestinations {
    /// Throws ``TransportError/unsuitable(_:rule:)`` for a location that can't be written, whatever is there.
    package static func check(_ location: ImageLocation) throws(TransportError) {
        switch location {
        case .layout, .layoutArchive, .dockerArchive, .dockerDaemon, .registry: return
        case .directory: throw .unsuitable("\(location)", rule: "it is read only: write oci:DIR")
        case .rootFileSystem, .container: throw .unsuitable("\(location)", rule: "it is read only")
        case .containersStorage:
            throw .unsuitable(
                "\(location)",
                rule: "it is read only: `podman load` takes docker-archive:- from a pipe"
            )
        case .store: throw .unsuitable("\(location)", rule: "a transport such as oci:DIR:TAG is expected")
        }
    }

    /// Opens what a location leads to.
    ///
    /// `reference` is what the image is called where the location doesn't say, and `further` are names that a docker
    /// archive has beside it. Throws
    /// ``TransportError/unsuitable(_:rule:)`` for locations that can't be written.
    package static func open(
        _ location: ImageLocation,
        reference: ImageReference?,
        further: [ImageReference] = [],
        registries: (any RegistryAccess)? = nil
    ) throws(TransportError) -> any ImageDestination {
        try check(location)
        return switch location {
        case .layout(let path, let tag): try LayoutDestination(directory: path, tag: tag ?? reference?.tag?.text)
        case .layoutArchive(let path, let tag):
            try ArchiveDestination.layout(
                path: path,
                tag: tag ?? reference?.tag?.text,
                reference: tag == nil ? reference : nil
            )
        case .dockerArchive(let path, let name):
            try ArchiveDestination.docker(
                path: path,
                reference: try name.map(tagged) ?? reference,
                further: name == nil ? further : []
            )
        case .dockerDaemon(let name):
            try DaemonDestination(
                reference: tagged(name),
                endpoint: .fromEnvironment { registries?.warn($0) },
                patience: registries?.enginePatience ?? .engine
            )
        case .registry(let name): try registry(name, reference, registries)
        case .directory, .rootFileSystem, .container, .containersStorage, .store:
            throw .unsuitable("\(location)", rule: "it can't be written")
        }
    }

    private static func registry(
        _ name: String,
        _ reference: ImageReference?,
        _ registries: (any RegistryAccess)?
    ) throws(TransportError) -> any ImageDestination {
        guard let registries else {
            throw .unsuitable("docker://\(name)", rule: "registries aren't written here: bindery copy it there")
        }
        return try registries.destination(name, name: reference)
    }

    // Docker's archives have no digest that it could be compared with.
    private static func tagged(_ text: String) throws(TransportError) -> ImageReference {
        let reference = try parse(text)
        guard reference.digest == nil else {
            throw .unsuitable(text, rule: "it has a digest: a name and a tag are taken")
        }
        return reference
    }

    private static func parse(_ text: String) throws(TransportError) -> ImageReference {
        do { return try ImageReference(parsing: text) } catch {
            throw .reference(text, rule: error.reason(against: text))
        }
    }
}
