// swift-tools-version: 6.2

import PackageDescription

/// The version that `bindery --version` and `mount-monitor --version` print: `make build VERSION=1.2.3` sets it, and
/// only the one C target that holds it is compiled again.
let buildVersion = Context.environment["VERSION"] ?? "0.0.0-dev"

/// One product of each package that only other packages need.
///
/// Such a package is declared below to fix its version, and SwiftPM warns about a declared package that no target names.
/// The condition is a platform that doesn't exist: nothing is compiled or linked for it.
let indirectProducts: [Target.Dependency] = [
    ("Algorithms", "swift-algorithms"),
    ("AsyncAlgorithms", "swift-async-algorithms"),
    ("Atomics", "swift-atomics"),
    ("Collections", "swift-collections"),
    ("Configuration", "swift-configuration"),
    ("Crypto", "swift-crypto"),
    ("HTTPTypes", "swift-http-types"),
    ("NIOExtras", "swift-nio-extras"),
    ("NIOHTTP2", "swift-nio-http2"),
    ("NIOTransportServices", "swift-nio-transport-services"),
    ("Numerics", "swift-numerics"),
    ("ServiceContextModule", "swift-service-context"),
    ("ServiceLifecycle", "swift-service-lifecycle"),
    ("StructuredFieldValues", "swift-http-structured-headers"),
    ("SwiftASN1", "swift-asn1"),
    ("SystemPackage", "swift-system"),
    ("Tracing", "swift-distributed-tracing"),
    ("X509", "swift-certificates"),
].map { product, package in
    .product(name: product, package: package, condition: .when(platforms: [.custom("none")]))
}

let package = Package(
    name: "bindery",
    products: [
        .executable(name: "bindery", targets: ["bindery"]),
        .executable(name: "mount-monitor", targets: ["MountMonitor"]),
    ],
    dependencies: [
        // Ours.
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),

        // Theirs: what those need. Each is also in `indirectProducts`.
        .package(url: "https://github.com/apple/swift-algorithms", exact: "1.2.1"),
        .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
        .package(url: "https://github.com/apple/swift-async-algorithms", exact: "1.1.4"),
        .package(url: "https://github.com/apple/swift-atomics", exact: "1.3.0"),
        .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        // Without its default trait, as async-http-client asks for it.
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", exact: "1.7.3"),
        .package(url: "https://github.com/apple/swift-http-structured-headers", exact: "1.7.0"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", exact: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-transport-services", exact: "1.28.0"),
        .package(url: "https://github.com/apple/swift-numerics", exact: "1.1.1"),
        .package(url: "https://github.com/apple/swift-service-context", exact: "1.5.1"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        // System libraries, and the calls that Glibc's import lacks.
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CBZip2", providers: [.apt(["libbz2-dev"])]),
        .systemLibrary(name: "CCrypt", providers: [.apt(["libcrypt-dev"])]),
        .systemLibrary(name: "CLZMA", pkgConfig: "liblzma", providers: [.apt(["liblzma-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .target(name: "CShims"),
        // Look-ups of host names that need none of the C library's modules; linked by both programs.
        .target(name: "CNameLookup"),
        // What mount-monitor does before Swift's runtime starts.
        .target(name: "CProcessStart"),
        .target(
            name: "CBuildVersion",
            cSettings: [.define("BUILD_VERSION", to: "\"\(buildVersion)\"")]
        ),

        // Pure functions and value types.
        .target(name: "Printable"),
        .target(name: "JSON", dependencies: ["Printable"]),
        .target(name: "ContentAddress", dependencies: ["COpenSSL", "JSON", "Printable"]),
        .target(name: "OCI", dependencies: ["ContentAddress", "JSON", "Printable"]),
        // Keys, envelopes, statements and bundles, in the forms that other verifiers read.
        .target(name: "Attestation", dependencies: ["COpenSSL", "ContentAddress", "JSON", "Printable"]),
        // A Merkle tree over a history, and signed notes about it.
        .target(name: "TransparencyLog", dependencies: ["Attestation", "ContentAddress", "Printable"]),
        // What an image or a release consists of, as SPDX and CycloneDX documents.
        .target(
            name: "SBOM",
            dependencies: ["Archive", "ContentAddress", "ELF", "JSON", "OCI", "Printable", "Release"]
        ),
        .target(name: "ELF"),
        // Names, versions and keys of releases, policies about them, and what our annotations hold.
        .target(name: "Release", dependencies: ["ContentAddress", "JSON", "OCI", "Printable"]),
        // The grammar of Dockerfiles: text to instructions, with their places.
        .target(name: "Dockerfile", dependencies: ["Printable"]),

        // Files and streams.
        .target(name: "SystemIO", dependencies: ["CShims", "Printable"]),
        .target(name: "Archive", dependencies: ["CBZip2", "CDeflate", "CLZMA", "CZlib", "CZstd"]),
        // Layers to files, in every reading that engines have.
        .target(name: "ImageFileSystem", dependencies: ["Archive", "ContentAddress", "Printable"]),

        // The store, and what goes into it and comes out of it.
        .target(
            name: "ArtifactStore",
            dependencies: [
                "Archive", "CSQLite", "ContentAddress", "OCI", "ELF", "Printable", "Release", "SBOM", "SystemIO",
                "TransparencyLog",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(
            name: "ImageTransport",
            dependencies: [
                "ArtifactStore", "Archive", "ContentAddress", "CShims", "JSON", "OCI", "Printable", "Release",
                "SystemIO",
            ]
        ),
        // Requests and answers, from the side of threads that may block.
        .target(
            name: "HTTP",
            dependencies: [
                "CNameLookup", "ImageTransport", "SystemIO",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ] + indirectProducts
        ),
        // Images in registries, over the network.
        .target(
            name: "RegistryClient",
            dependencies: [
                "ContentAddress", "HTTP", "ImageTransport", "JSON", "OCI", "Printable", "SystemIO",
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]
        ),
        // Blobs on object storage that speaks S3.
        .target(
            name: "ObjectStorage",
            dependencies: [
                "COpenSSL", "ContentAddress", "HTTP", "ImageTransport", "JSON", "OCI", "Printable", "SystemIO",
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]
        ),
        // What `--json` prints and the server's API answers: promises.
        .target(
            name: "Shapes",
            dependencies: [
                "ArtifactStore", "ContentAddress", "ImageAuditor", "OCI", "Printable", "Release", "TransparencyLog",
            ]
        ),
        // The store as a registry, an API and pages, over the network.
        .target(
            name: "RegistryServer",
            dependencies: [
                "Archive", "ArtifactStore", "CCrypt", "ContentAddress", "ELF", "ImageAuditor", "ImageFileSystem",
                "ImageTransport", "OCI", "Printable", "Release", "Shapes", "SystemIO", "TransparencyLog",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        .target(
            name: "ImageAssembler",
            dependencies: [
                "ArtifactStore", "Archive", "ContentAddress", "Dockerfile", "ImageFileSystem", "ImageTransport",
                "JSON", "OCI", "Printable", "Release", "SystemIO",
            ]
        ),
        .target(
            name: "ImageAuditor",
            dependencies: [
                "ArtifactStore", "Archive", "ContentAddress", "ELF", "ImageFileSystem", "ImageTransport", "JSON",
                "OCI", "Printable", "Release", "SBOM", "SystemIO",
                .product(name: "Yams", package: "Yams"),
            ]
        ),

        // What is put: directories, archives, lists of checksums, what GoReleaser wrote.
        .target(
            name: "ReleaseFiles",
            dependencies: [
                "Archive", "ArtifactStore", "ContentAddress", "JSON", "OCI", "Printable", "Release", "SystemIO",
            ]
        ),
        // What is signed and attested, what bundles prove, and bills of materials of images and releases.
        .target(
            name: "Proofs",
            dependencies: [
                "Archive", "ArtifactStore", "Attestation", "ContentAddress", "ELF", "ImageAssembler", "ImageAuditor",
                "ImageFileSystem", "ImageTransport", "JSON", "OCI", "Printable", "Release", "SBOM", "SystemIO",
                "TransparencyLog",
            ]
        ),

        // Releases and images brought to other places, and those places read again.
        .target(
            name: "Publishing",
            dependencies: [
                "Archive", "ArtifactStore", "ContentAddress", "ImageAssembler", "ImageTransport", "JSON", "OCI",
                "Printable", "Proofs", "RegistryClient", "Release", "SBOM", "SystemIO",
            ]
        ),

        // The programs.
        .executableTarget(
            name: "bindery",
            dependencies: [
                "Archive", "ArtifactStore", "Attestation", "CBuildVersion", "ContentAddress", "Dockerfile", "ELF",
                "HTTP", "ImageAssembler", "ImageAuditor", "ImageFileSystem", "ImageTransport", "JSON", "OCI",
                "ObjectStorage", "Printable", "Proofs", "Publishing",
                "RegistryClient", "RegistryServer", "Release", "ReleaseFiles", "SBOM", "Shapes", "SystemIO",
                "TransparencyLog",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .executableTarget(
            name: "MountMonitor",
            dependencies: [
                "CBuildVersion", "CNameLookup", "CProcessStart", "JSON", "Printable",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),

        // What `make bench` measures inside the process.
        .executableTarget(
            name: "timing",
            dependencies: [
                "ArtifactStore", "ContentAddress", "Dockerfile", "ImageAssembler", "JSON", "OCI", "Release", "SystemIO",
            ],
            path: "Tests/Timing"
        ),

        // Tests, one target for each module, and what they share.
        .target(name: "TestSupport", dependencies: ["ContentAddress"], path: "Tests/TestSupport"),
        .target(
            name: "StoreTestSupport",
            dependencies: ["ArtifactStore", "OCI", "Release", "SystemIO"],
            path: "Tests/StoreTestSupport"
        ),
        .target(
            name: "ImageTransportContract",
            dependencies: ["ContentAddress", "ImageTransport", "OCI"],
            path: "Tests/ImageTransportContract"
        ),
        .testTarget(name: "JSONTests", dependencies: ["JSON"]),
        .testTarget(name: "PrintableTests", dependencies: ["Printable"]),
        .testTarget(name: "ContentAddressTests", dependencies: ["ContentAddress"]),
        .testTarget(name: "AttestationTests", dependencies: ["Attestation", "ContentAddress", "JSON"]),
        .testTarget(name: "TransparencyLogTests", dependencies: ["Attestation", "ContentAddress", "TransparencyLog"]),
        .testTarget(name: "OCITests", dependencies: ["OCI", "ContentAddress", "JSON"]),
        .testTarget(name: "SystemIOTests", dependencies: ["SystemIO"]),
        .testTarget(name: "ArchiveTests", dependencies: ["Archive", "ContentAddress", "TestSupport"]),
        .testTarget(
            name: "ImageFileSystemTests",
            dependencies: ["ImageFileSystem", "Archive", "ContentAddress", "TestSupport"]
        ),
        .testTarget(name: "SBOMTests", dependencies: ["ContentAddress", "JSON", "SBOM", "TestSupport"]),
        .testTarget(name: "ELFTests", dependencies: ["ELF", "TestSupport"]),
        .testTarget(name: "ReleaseTests", dependencies: ["Release", "ContentAddress", "OCI"]),
        .testTarget(
            name: "ReleaseFilesTests",
            dependencies: [
                "ReleaseFiles", "ArtifactStore", "ContentAddress", "OCI", "Printable", "Release", "SystemIO",
                "TestSupport",
            ]
        ),
        .testTarget(
            name: "ProofsTests",
            dependencies: [
                "Proofs", "ArtifactStore", "Attestation", "ContentAddress", "OCI", "Printable", "Release", "SBOM",
                "TestSupport", "TransparencyLog",
            ]
        ),
        .testTarget(name: "DockerfileTests", dependencies: ["Dockerfile"]),
        .testTarget(
            name: "ArtifactStoreTests",
            dependencies: [
                "ArtifactStore", "ContentAddress", "OCI", "ELF", "Release", "SBOM", "StoreTestSupport", "SystemIO",
                "TestSupport", "TransparencyLog",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "ImageTransportTests",
            dependencies: [
                "ImageTransport", "ImageTransportContract", "Archive", "ArtifactStore", "ContentAddress", "OCI",
                "Release", "StoreTestSupport", "SystemIO", "TestSupport",
            ]
        ),
        .target(
            name: "HTTPTestSupport",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Tests/HTTPTestSupport"
        ),
        .testTarget(
            name: "HTTPTests",
            dependencies: [
                "HTTP", "HTTPTestSupport", "ImageTransport", "SystemIO",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]
        ),
        .testTarget(
            name: "ObjectStorageTests",
            dependencies: [
                "ObjectStorage", "ContentAddress", "HTTP", "HTTPTestSupport", "ImageTransport", "TestSupport",
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]
        ),
        .testTarget(
            name: "RegistryClientTests",
            dependencies: [
                "RegistryClient", "ContentAddress", "HTTP", "HTTPTestSupport", "ImageTransport",
                "ImageTransportContract", "OCI", "SystemIO", "TestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        .testTarget(
            name: "PublishingTests",
            dependencies: [
                "Publishing", "ArtifactStore", "ContentAddress", "ImageTransport", "OCI", "Proofs", "RegistryClient",
                "Release", "StoreTestSupport", "TestSupport",
            ]
        ),
        .testTarget(
            name: "RegistryServerTests",
            dependencies: [
                "RegistryServer", "Archive", "ArtifactStore", "ContentAddress", "ImageAuditor", "ImageTransport", "OCI",
                "Printable", "Release", "StoreTestSupport", "SystemIO",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]
        ),
        .testTarget(
            name: "ImageAssemblerTests",
            dependencies: [
                "ImageAssembler", "Archive", "ArtifactStore", "ContentAddress", "Dockerfile", "ImageFileSystem", "OCI",
                "Release", "StoreTestSupport", "SystemIO", "TestSupport",
            ]
        ),
        .testTarget(
            name: "ImageAuditorTests",
            dependencies: [
                "ImageAuditor", "Archive", "ArtifactStore", "ContentAddress", "ELF", "ImageFileSystem",
                "ImageTransport", "OCI", "Release", "StoreTestSupport", "SystemIO", "TestSupport",
            ]
        ),
        .testTarget(
            name: "binderyTests",
            dependencies: [
                "bindery", "ArtifactStore", "ContentAddress", "ImageAuditor", "ImageFileSystem", "ImageTransport",
                "OCI",
                "Printable", "Release", "SystemIO", "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .testTarget(
            name: "MountMonitorTests",
            dependencies: [
                "MountMonitor", "JSON", "Printable", "TestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            exclude: ["Peers"]
        ),
    ],
    swiftLanguageModes: [.v6]
)

let houseSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

for target in package.targets where [.regular, .executable, .test].contains(target.type) {
    target.swiftSettings = (target.swiftSettings ?? []) + houseSettings
}
