import ContentAddress
import OCI
import Synchronization

/// What a layout's index.json names that refers to other manifests: by its subject, as in a registry, or below the tag
/// by which registries without a list of referrers are told of them (OCI distribution specification 1.1, "Referrers Tag
/// Schema").
final class LayoutReferrers: Sendable {
    private struct Table {
        /// By artifact type, the manifests that something of it refers to.
        var subjects: [String: Set<Digest>] = [:]
        /// The artifact types of manifests that aren't there or can't be read.
        var unread: Set<String> = []
        /// By subject, what refers to it, in the order of index.json.
        var referrers: [Digest: [Descriptor]] = [:]
        /// Entries without a name that may refer to any manifest, since they can't be read.
        var doubtful: [Descriptor] = []
        /// Whether nydus may mount something that can't be read for any manifest.
        var mayBeMounted = false
        /// Whether all manifests were looked at.
        var isWhole = true
    }

    private let files: any LayoutFiles
    private let manifests: [Descriptor]
    private let table = Mutex<Table?>(nil)

    private static let largestCount = 4096
    private static let largestSize: Int64 = 64 << 10
    // Of larger ones so many are read.
    private static let largestLongCount = 64

    init(_ files: any LayoutFiles, _ manifests: [Descriptor]) {
        self.files = files
        self.manifests = manifests
    }

    /// Whether something of an artifact type refers to a manifest, or may: what can't be read isn't ruled out.
    func has(_ digest: Digest, _ type: String) -> Bool {
        let table = known
        if type == LayerAcceleration.nydusType, table.mayBeMounted { return true }
        return table.subjects[type]?.contains(digest) == true || table.unread.contains(type) || !table.isWhole
    }

    /// Lists what refers to a manifest, or may.
    ///
    /// Throws where not all manifests were looked at.
    func list(to subject: Digest) throws(TransportError) -> [Descriptor] {
        let table = known
        guard table.isWhole else {
            throw .tooLarge(
                what: "index.json",
                size: Int64(manifests.count),
                limit: Int64(Self.largestCount),
                unit: "manifests"
            )
        }
        return (table.referrers[subject] ?? []) + table.doubtful
    }

    /// Lists what a tag attaches to a manifest.
    func tagged(_ subject: Digest) -> [Descriptor] {
        manifests.compactMap { entry in
            entry.cosignTag.flatMap { $0.subject == subject ? entry.attached(by: $0) : nil }
        }
    }

    private var known: Table {
        table.withLock { kept in
            let table = kept ?? read()
            kept = table
            return table
        }
    }

    private func read() -> Table {
        var table = Table()
        var seen: Set<Digest> = []
        var longCount = 0
        for descriptor in manifests where seen.insert(descriptor.digest).inserted {
            guard seen.count <= Self.largestCount else {
                table.isWhole = false
                break
            }
            if let subject = Self.subject(of: descriptor.annotations?[Annotation.referenceName]) {
                for referrer in (try? files.document(descriptor).index().manifests) ?? [] {
                    if let type = referrer.artifactType { table.subjects[type, default: []].insert(subject) }
                    table.referrers[subject, default: []].append(referrer)
                }
            }
            guard MediaType.isManifest(descriptor.mediaType) else { continue }
            if descriptor.size > Self.largestSize { longCount += 1 }
            guard longCount <= Self.largestLongCount else {
                table.isWhole = false
                break
            }
            let document = try? files.document(descriptor)
            guard let manifest = try? document?.manifest() else {
                // What isn't there isn't pushed with the rest.
                if let document, LayerAcceleration.mayBeMounted(document, isListed: false) { table.mayBeMounted = true }
                if let type = descriptor.artifactType {
                    table.unread.insert(type)
                    if descriptor.annotations?[Annotation.referenceName] == nil { table.doubtful.append(descriptor) }
                }
                continue
            }
            guard let subject = manifest.subject?.digest else { continue }
            table.referrers[subject, default: []].append(descriptor)
            let types = [manifest.artifactType ?? manifest.config.mediaType, descriptor.artifactType]
            for type in types { if let type { table.subjects[type, default: []].insert(subject) } }
            // nydus takes the first referrer, whatever its type is.
            if LayerAcceleration.isMounted(manifest) {
                table.subjects[LayerAcceleration.nydusType, default: []].insert(subject)
            }
        }
        return table
    }

    /// The entries of an index.json that stand for themselves: not what has no name and refers to another manifest, and
    /// not what a tag attaches to another one.
    static func removed(from entries: [Descriptor], in files: any LayoutFiles) -> [Descriptor] {
        entries.filter { $0.cosignTag == nil && !isReferrer($0, in: files) }
    }

    /// Whether an entry has no name, and refers to another manifest.
    static func isReferrer(_ entry: Descriptor, in files: any LayoutFiles) -> Bool {
        guard entry.annotations?[Annotation.referenceName] == nil, entry.artifactType != nil,
            entry.size <= largestSize,
            let subject = try? files.document(entry).subject()
        else { return false }
        return subject.digest != entry.digest
    }

    // `sha256-<hex>`
    private static func subject(of tag: String?) -> Digest? {
        guard let tag, tag.hasPrefix("sha256-") else { return nil }
        return try? Digest(parsing: "sha256:" + tag.dropFirst("sha256-".count))
    }
}
