import ContentAddress
import OCI
import Synchronization

/// What a layout's index.json names that refers to other manifests: by its subject, as in a registry, or below the tag by
/// which registries without a list of referrers are told of them (OCI distribution specification 1.1, "Referrers Tag
/// Schema").
final class LayoutReferrers: Sendable {
    private struct Table {
        /// By artifact type, the manifests that something of it refers to.
        var subjects: [String: Set<Digest>] = [:]
        /// The artifact types of manifests that aren't there or can't be read.
        var unread: Set<String> = []
        /// Whether all manifests were looked at.
        var isWhole = true
    }

    private let files: any LayoutFiles
    private let manifests: [Descriptor]
    private let table = Mutex<Table?>(nil)

    private static let largestCount = 4096
    private static let largestSize: Int64 = 64 << 10

    init(_ files: any LayoutFiles, _ manifests: [Descriptor]) {
        self.files = files
        self.manifests = manifests
    }

    /// Whether something of an artifact type refers to a manifest, or may: what can't be read isn't ruled out.
    func has(_ digest: Digest, _ type: String) -> Bool {
        let table = table.withLock { kept in
            let table = kept ?? read()
            kept = table
            return table
        }
        return table.subjects[type]?.contains(digest) == true || table.unread.contains(type) || !table.isWhole
    }

    private func read() -> Table {
        var table = Table()
        var seen: Set<Digest> = []
        for descriptor in manifests where seen.insert(descriptor.digest).inserted {
            guard seen.count <= Self.largestCount else {
                table.isWhole = false
                break
            }
            if let subject = Self.subject(of: descriptor.annotations?[Annotation.referenceName]) {
                for referrer in (try? files.document(descriptor).index().manifests) ?? [] {
                    if let type = referrer.artifactType { table.subjects[type, default: []].insert(subject) }
                }
            }
            guard MediaType.isManifest(descriptor.mediaType) else { continue }
            let manifest = descriptor.size <= Self.largestSize ? try? files.document(descriptor).manifest() : nil
            guard let manifest else {
                if let type = descriptor.artifactType { table.unread.insert(type) }
                continue
            }
            guard let subject = manifest.subject?.digest else { continue }
            let types = [manifest.artifactType ?? manifest.config.mediaType, descriptor.artifactType]
            for type in types { if let type { table.subjects[type, default: []].insert(subject) } }
        }
        return table
    }

    // `sha256-<hex>`
    private static func subject(of tag: String?) -> Digest? {
        guard let tag, tag.hasPrefix("sha256-") else { return nil }
        return try? Digest(parsing: "sha256:" + tag.dropFirst("sha256-".count))
    }
}
