import ArtifactStore
import ContentAddress
import ELF
import Foundation
import ImageFileSystem
import OCI

/// What an audit knows of an image beside its regular files, which have rows of their own (docs/store-format.md).
struct ImageFacts: AuditContent, Codable, Sendable {
    typealias Kind = AuditRecord.FactsKind

    /// A link, device, pipe or empty directory.
    struct Other: Codable, Sendable {
        let path: RecordedPath
        let kind: String
        let mode: UInt32
        let layer: Int
        /// A symbolic link's target, raw.
        let target: Data?
    }

    /// The first bytes of a file, where they matter.
    struct Head: Codable, Sendable {
        let path: RecordedPath
        let bytes: Data
    }

    /// Something that a later layer replaced or removed.
    struct Touched: Codable, Sendable {
        let path: RecordedPath
        let oldLayer: Int
        let layer: Int
    }

    /// Whether the config's platform is one; else it is shown and compared with nothing.
    let isPlatformKnown: Bool
    let execution: ImageConfig.Execution?
    let layers: [RecordedLayer]
    let findings: [RecordedFinding]
    /// What keeps the image from a verdict; nil in records of versions that knew damage only.
    let doubts: Doubt?
    private(set) var others: [Other]?
    private(set) var heads: [Head]?
    /// Files with `security.capability`.
    private(set) var capable: [RecordedPath]?
    private(set) var touched: [Touched]?
    let annotations: [String: String]?
    let claims: [FileClaim]?
    /// What was copied out of known bases; nil where nothing was.
    let copies: [BaseCopy]?

    /// What says of an ELF file for which machine it is.
    private static let elfHeadCount = 20

    init(_ image: ScannedImage) {
        isPlatformKnown = image.parsedPlatform != nil
        execution = image.execution.map(Self.whatRuns)
        layers = image.layers.map(RecordedLayer.init)
        findings = image.findings.map(RecordedFinding.init)
        doubts = image.doubts
        annotations = image.annotations.isEmpty ? nil : image.annotations
        claims = image.claims.isEmpty ? nil : image.claims
        copies = image.copies.isEmpty ? nil : image.copies
        var others: [Other] = []
        var heads: [Head] = []
        var capable: [RecordedPath] = []
        image.tree.forEachNode { node in
            let inode = node.inode
            if inode.kind == .file {
                guard !inode.head.isEmpty || inode.hasCapability else { return }
                let path = RecordedPath(node.path)
                if !inode.head.isEmpty, !ForeignProgram.mayBe(inode.head) {
                    let count = inode.isELF ? Self.elfHeadCount : inode.head.count
                    heads.append(Head(path: path, bytes: Data(inode.head.prefix(count))))
                }
                if inode.hasCapability { capable.append(path) }
            } else if inode.kind != .directory || node.isEmpty {
                others.append(
                    Other(
                        path: RecordedPath(node.path),
                        kind: inode.kind.word,
                        mode: inode.mode,
                        layer: inode.layer,
                        target: inode.kind == .symbolicLink ? Data(inode.target) : nil
                    )
                )
            }
        }
        self.others = others.isEmpty ? nil : others
        self.heads = heads.isEmpty ? nil : heads
        self.capable = capable.isEmpty ? nil : capable
        touched = Self.kept(image)
    }

    private static func kept(_ image: ScannedImage) -> [Touched]? {
        var counts: [[Int]: Int] = [:]
        let kept = image.touched.compactMap { item -> Touched? in
            counts[[item.oldLayer, item.layer], default: 0] += 1
            guard counts[[item.oldLayer, item.layer]] ?? 0 <= ScannedImage.touchedCount else { return nil }
            return Touched(path: RecordedPath(item.path), oldLayer: item.oldLayer, layer: item.layer)
        }
        return kept.isEmpty ? nil : kept
    }

    // Labels start nothing.
    private static func whatRuns(_ execution: ImageConfig.Execution) -> ImageConfig.Execution {
        var kept = ImageConfig.Execution()
        kept.entrypoint = execution.entrypoint
        kept.cmd = execution.cmd
        kept.env = execution.env
        kept.workingDir = execution.workingDir
        kept.user = execution.user
        kept.healthcheck = execution.healthcheck
        kept.shell = execution.healthcheck == nil ? nil : execution.shell
        return kept
    }
}
