import ArtifactStore
import ContentAddress
import Printable
import Release
import SBOM
import Shapes

/// The programs that were built from a module: released ones, and Go programs of audited images.
struct FoundModules {
    struct Item: Encodable {
        let name: String
        /// As the ecosystem writes it; nil where the program doesn't say.
        let version: String?
        /// In the words of the OSV schema.
        let ecosystem: String
        /// Where a crate comes from, unless it is crates.io.
        let source: String?
        let digest: Digest
        /// Where the program is released; empty for one that was removed, and for one that never was.
        let artifacts: [ArtifactShape]
        /// True where no release has had it, and only audited images hold it.
        let unreleased: Bool?
        /// True where its version can't be compared with the one that was asked for.
        let undecided: Bool?
    }

    /// In the order of the releases.
    let list: [Item]
    private let artifacts: [Digest: [Artifact]]
    private let unreadCount: Int
    private let query: ModuleQuery

    init(_ query: ModuleQuery, platform: ArtifactPlatform?, in store: Store) throws {
        self.query = query
        var artifacts: [Digest: [Artifact]] = [:]
        var items: [Item] = []
        let stored = try store.programs(withModule: query.name).map { ($0.digest, $0.module, true) }
        let audited = try store.auditedPrograms(withModule: query.name).map { ($0.digest, $0.module, false) }
        for (digest, module, isStored) in stored + audited {
            let answer = query.matches(module)
            guard answer != .no else { continue }
            let released = try artifacts[digest] ?? store.artifacts(with: digest)
            artifacts[digest] = released.filter { platform == nil || $0.key.platform == platform }
            guard platform == nil || artifacts[digest]?.isEmpty == false else { continue }
            items.append(
                Item(
                    name: module.name,
                    version: module.version,
                    ecosystem: module.ecosystem.rawValue,
                    source: module.source,
                    digest: digest,
                    artifacts: (artifacts[digest] ?? []).map(ArtifactShape.init),
                    unreleased: isStored ? nil : true,
                    undecided: answer == .unknown ? true : nil
                )
            )
        }
        self.artifacts = artifacts
        let releases = Set(artifacts.values.joined().map(\.key.release)).inOrder()
        let places = Dictionary(uniqueKeysWithValues: zip(releases, releases.indices))
        func place(_ item: Item) -> (Int, String, String) {
            let key = artifacts[item.digest]?.first?.key
            // What was removed comes last.
            let release = key.flatMap { places[$0.release] } ?? releases.count
            return (release, key?.pathByPlatform ?? item.digest.hex, item.version ?? "")
        }
        list = items.sorted { place($0) < place($1) }
        unreadCount = try store.programsWithUnreadModules().count
    }

    /// The programs that have the module in a version that was asked for.
    var digests: [Digest] { Set(list.filter { $0.undecided == nil }.map(\.digest)).sorted() }

    /// Prints a row for each released file.
    func print() {
        guard !list.isEmpty else { return Output.line("no program says that it was built from \(query)") }
        var table = Table([("RELEASE", .path), ("PLATFORM", .left), ("MODULE", .path), ("VERSION", .left)])
        for item in list {
            let version = (item.version ?? "unknown") + (item.undecided == true ? ", not compared" : "")
            let keys = artifacts[item.digest] ?? []
            for key in keys.map(\.key) {
                table.add(["\(key.release)", "\(key.platform)", item.name, version])
            }
            let place = item.unreleased == true ? "unreleased" : "removed"
            if keys.isEmpty { table.add([item.digest.description, place, item.name, version]) }
        }
        table.print()
    }

    /// Says what the answer doesn't cover.
    func warn() {
        if unreadCount > 0 {
            let programs: Message = "\(unreadCount) stored program\(unreadCount == 1 ? " was" : "s were")"
            Output.warning(
                programs + " put by an earlier version, and the index has no modules of it: run `bindery verify`"
            )
        }
        let undecided = Set(list.filter { $0.undecided == true }.map(\.digest)).count
        if undecided > 0 {
            let programs: Message = "\(undecided) program\(undecided == 1 ? " has" : "s have")"
            Output.warning(programs + " \(query.name) in a version that can't be compared")
        }
    }
}
