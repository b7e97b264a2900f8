import ArtifactStore
import ContentAddress
import Foundation
import ImageAuditor
import ImageFileSystem
import ImageTransport
import OCI
import StoreTestSupport
import TestSupport

/// A store with two versions of a program for two platforms, and a file for all.
struct AuditFixture {
    let directory: String
    let store: Store

    static let buildID: [UInt8] = Array(repeating: 0xAB, count: 20)

    static func agent(_ version: String, _ architecture: String) -> TestProgram {
        TestProgram(
            code: "agent \(version) \(architecture)",
            buildID: Array("\(version)\(architecture)xxxxxxxxxxxxxxxxxxxx".utf8.prefix(20)),
            text: version,
            machine: architecture == "arm64" ? 183 : 62
        )
    }

    static let bundle = Array("-----BEGIN CERTIFICATE-----".utf8)

    /// Runs a body with a fresh store.
    static func with(_ body: (AuditFixture) throws -> Void) throws {
        let files = try TemporaryStore(at: Timestamp(milliseconds: 1))
        let store = try files.open()
        var requests: [PutRequest] = []
        for version in ["1.2.2", "1.2.3"] {
            for architecture in ["amd64", "arm64"] {
                let path = try files.file("agent-\(version)-\(architecture)", agent(version, architecture).bytes)
                var request = try files.request(path, "agent@\(version)", platform: nil, mode: 0o755)
                request.fileName = "agent-linux-\(architecture)"
                requests.append(request)
            }
        }
        requests.append(try files.request(files.file("ca.pem", bundle), "ca-bundle@1", platform: "any"))
        _ = try store.put(requests)
        // The files go with their owner.
        try withExtendedLifetime(files) { try body(AuditFixture(directory: files.path, store: store)) }
    }

    /// An image of the released program and the bundle, as an honest builder makes it.
    static func image(_ version: String = "1.2.3", _ architecture: String = "amd64") -> TestImage {
        var image = TestImage { layer in
            layer.directory("usr")
            layer.directory("usr/bin")
            layer.file("usr/bin/agent", agent(version, architecture).bytes, mode: 0o755)
        }
        image.layer { $0.file("etc/ca.pem", bundle) }
        image.architecture = architecture
        image.execution = ["Entrypoint": ["/usr/bin/agent"]]
        return image
    }

    /// Audits one image, by way of an OCI layout.
    func audit(_ image: TestImage, _ change: (inout AuditOptions) -> Void = { _ in }) throws -> ImageAudit {
        try audit([image], asIndex: false, change)
    }

    /// Audits several images as an index.
    func audit(
        _ images: [TestImage],
        asIndex: Bool = true,
        _ change: (inout AuditOptions) -> Void = { _ in }
    ) throws -> ImageAudit {
        let layout = "\(directory)/layout-\(UUID().uuidString)"
        try TestImage.write(images, layout: layout, asIndex: asIndex)
        var options = AuditOptions()
        change(&options)
        return try Auditor(store: store, options: options).audit(LayoutSource(directory: layout, tag: nil))
    }
}

extension ImageAudit {
    /// The codes of all findings, without the one that only counts further files.
    var codes: Set<FindingCode> { Set(allFindings.map(\.code)).subtracting([.further]) }
}
