package import JSON

/// The documents that decide what runs, each with the members that its readers know (docs/documents.md).
package enum DocumentKind: Sendable, CaseIterable {
    /// An index of manifests, a layout's `index.json` too.
    case index
    /// An image's manifest.
    case manifest
    /// An image's config.
    case config
    /// A layout's `oci-layout`.
    case layout
    /// A docker archive's `manifest.json`.
    case archiveListing
    /// What engines, registries and tools answer: nobody's structs but ours read it.
    case other

    /// The known members.
    package var shape: JSONShape {
        switch self {
        case .index, .manifest: KnownMembers.document
        case .config: KnownMembers.config
        case .layout: .object(["imageLayoutVersion": .anything])
        case .archiveListing: .list(KnownMembers.archiveItem)
        case .other: .anything
        }
    }
}

/// The members of image documents that containerd, Docker and containers/image have fields for: the union of their
/// structs.
///
/// Sources: OCI image specification 1.1 (`specs-go/v1`); Docker's distribution (`manifest/schema1`, `schema2`,
/// `manifestlist`), `image/image.go`, `image/tarexport`, `container.Config`; containers/image (`manifest`,
/// `docker/internal/tarfile`).
enum KnownMembers {
    static let platform = JSONShape.object([
        "architecture": .anything, "os": .anything, "os.version": .anything, "os.features": .anything,
        "variant": .anything, "features": .anything,
    ])

    static let descriptor = JSONShape.object([
        "mediaType": .anything, "digest": .anything, "size": .anything, "urls": .anything,
        "annotations": .map(.anything), "data": .anything, "platform": platform, "artifactType": .anything,
    ])

    /// Index and manifest in one: a reader that takes one for the other knows the other's members, too.
    static let document = JSONShape.object([
        "schemaVersion": .anything, "mediaType": .anything, "artifactType": .anything, "manifests": .list(descriptor),
        "config": descriptor, "layers": .list(descriptor), "subject": descriptor, "annotations": .map(.anything),
        // Schema 1.
        "name": .anything, "tag": .anything, "architecture": .anything,
        "fsLayers": .list(.object(["blobSum": .anything])),
        "history": .list(.object(["v1Compatibility": .anything])),
        "signatures": .list(.object(["header": .anything, "signature": .anything, "protected": .anything])),
    ])

    static let execution = JSONShape.object([
        "Hostname": .anything, "Domainname": .anything, "User": .anything, "AttachStdin": .anything,
        "AttachStdout": .anything, "AttachStderr": .anything, "ExposedPorts": .map(.anything), "Tty": .anything,
        "OpenStdin": .anything, "StdinOnce": .anything, "Env": .anything, "Cmd": .anything,
        "Healthcheck": .object([
            "Test": .anything, "Interval": .anything, "Timeout": .anything, "StartPeriod": .anything,
            "StartInterval": .anything, "Retries": .anything,
        ]),
        "ArgsEscaped": .anything, "Image": .anything, "Volumes": .map(.anything), "WorkingDir": .anything,
        "Entrypoint": .anything, "NetworkDisabled": .anything, "MacAddress": .anything, "OnBuild": .anything,
        "Labels": .map(.anything), "StopSignal": .anything, "StopTimeout": .anything, "Shell": .anything,
    ])

    static let config = JSONShape.object([
        "created": .anything, "author": .anything, "architecture": .anything, "os": .anything,
        "os.version": .anything, "os.features": .anything, "variant": .anything, "config": execution,
        "rootfs": .object(["type": .anything, "diff_ids": .anything]),
        "history": .list(
            .object([
                "created": .anything, "created_by": .anything, "author": .anything, "comment": .anything,
                "empty_layer": .anything,
            ])
        ),
        // Docker's.
        "id": .anything, "parent": .anything, "comment": .anything, "container": .anything,
        "container_config": execution, "docker_version": .anything, "Size": .anything,
    ])

    static let archiveItem = JSONShape.object([
        "Config": .anything, "RepoTags": .anything, "Layers": .anything, "Parent": .anything,
        "LayerSources": .map(descriptor),
    ])
}
