// swift-tools-version: 6.2

import PackageDescription

// The parsers of bytes from outside, compiled once more with libFuzzer's instrumentation, and AddressSanitizer's.
// A package of its own: a fuzzer has no `main`, and its flags may not reach what is released.
let package = Package(
    name: "fuzz",
    targets: [
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
        .systemLibrary(name: "CDeflate", pkgConfig: "libdeflate"),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd"),
        .systemLibrary(name: "CBZip2"),
        .systemLibrary(name: "CLZMA", pkgConfig: "liblzma"),
        .target(name: "Printable"),
        .target(name: "JSON", dependencies: ["Printable"]),
        .target(name: "ContentAddress", dependencies: ["COpenSSL", "JSON", "Printable"]),
        .target(name: "OCI", dependencies: ["ContentAddress", "JSON", "Printable"]),
        .target(name: "ELF"),
        .target(name: "Archive", dependencies: ["CBZip2", "CDeflate", "CLZMA", "CZlib", "CZstd"]),
        .target(
            name: "SBOM",
            dependencies: ["Archive", "ContentAddress", "ELF", "JSON", "OCI", "Printable", "Release"]
        ),
        .target(name: "Dockerfile", dependencies: ["Printable"]),
        .target(name: "Release", dependencies: ["ContentAddress", "JSON", "OCI", "Printable"]),
        .target(name: "ImageFileSystem", dependencies: ["Archive", "ContentAddress", "Printable"]),
        .target(name: "Attestation", dependencies: ["COpenSSL", "ContentAddress", "JSON", "Printable"]),
        .target(name: "TransparencyLog", dependencies: ["Attestation", "ContentAddress", "Printable"]),
        .target(name: "TestSupport", sources: ["TarBuilder.swift"]),
        .target(name: "ServerParsers", sources: ["ByteRange.swift", "RequestTarget.swift"]),
        .target(name: "ProbeParsers", sources: ["RequestParser.swift", "RequestLimits.swift"]),
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "Archive", "Attestation", "ContentAddress", "Dockerfile", "ELF", "ImageFileSystem", "JSON", "OCI",
                "ProbeParsers", "Release", "SBOM", "ServerParsers", "TestSupport", "TransparencyLog",
            ],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])]
        ),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where [.regular, .executable].contains(target.type) {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .unsafeFlags(["-parse-as-library", "-sanitize=fuzzer,address", "-O"]),
    ]
}
