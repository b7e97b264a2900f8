import ArtifactStore
import OCI
import Release

/// The names by which one platform's build finds the files of the releases (docs/cli.md, "The tree that a Dockerfile
/// sees").
///
/// A file has the name that `--naming` gives it; behind those names stand the plain paths of the platform's own files,
/// `tool`, and the paths by platform of all files, `linux/amd64/tool`. Directories and patterns see the names behind
/// only where they match none of the first.
struct ContextNames: Sendable {
    /// What a source of `COPY` or `ADD` leads to.
    struct Match: Sendable {
        /// The files, each name once, in the order of names.
        var files: [ContextFile] = []
        /// A name that several files have.
        var shared: [ContextFile] = []
        /// Whether the names are those behind `--naming`.
        var isBehind = false
        /// Whether the source is a directory or a pattern, which takes what it finds.
        var isSelection = false
        /// The plain paths of files that a directory or pattern would take, had it not found names by `--naming`.
        var leftOut: [String] = []

        var isEmpty: Bool { files.isEmpty && shared.isEmpty }
    }

    private typealias Names = [String: [ContextFile]]

    private let platform: Platform
    private var given: Names = [:]
    private var behind: Names = [:]
    /// The plain paths among the names behind.
    private var plain: Set<String> = []
    /// The files that no directory and no pattern takes.
    private var marked: Set<ArtifactKey> = []

    /// The platforms that have a file under a plain path.
    func platforms(with path: String) -> [String] {
        let suffix = "/" + path
        return behind.filter { $0.key.hasSuffix(suffix) }.flatMap { name, files in
            files.compactMap(\.key.platform.platform).map { "\($0)" }.filter { $0 + suffix == name }
        }.sorted()
    }

    /// The names of some artifacts.
    ///
    /// Throws ``AssemblerError/badFileName(_:_:reason:)`` for a name that can't stand in a context.
    init(
        _ artifacts: some Sequence<Artifact>,
        naming: NamingTemplate,
        platform: Platform
    ) throws(AssemblerError) {
        self.platform = platform
        var own: [String: [Artifact]] = [:]
        for artifact in artifacts {
            // Archives, checksums and their like are copied where they are named, and by no directory or pattern.
            let isMarked = artifact.annotations[Annotation.artifactKind] != nil
            if isMarked { marked.insert(artifact.key) }
            if !isMarked, let name = naming.fileName(for: artifact) {
                Self.add(try ContextFile(artifact, name: name), to: &given)
            }
            let path = artifact.plainPath
            guard let other = artifact.key.platform.platform else {
                Self.add(try ContextFile(artifact, name: path), to: &behind)
                plain.insert(path)
                continue
            }
            Self.add(try ContextFile(artifact, name: "\(other)/\(path)"), to: &behind)
            guard platform.accepts(other) else { continue }
            // Of one release's files for two variants of the processor the nearer one is the platform's own.
            let same = own[path]?.firstIndex { $0.key.release == artifact.key.release }
            if let same, let there = own[path]?[same] {
                if artifact.key.isNearer(than: there.key, to: platform) { own[path]?[same] = artifact }
            } else {
                own[path, default: []].append(artifact)
            }
        }
        for (path, artifacts) in own {
            plain.insert(path)
            for artifact in artifacts {
                Self.add(try ContextFile(artifact, name: path), to: &behind)
                let byPlatform = "\(platform)/\(path)"
                if behind[byPlatform] == nil { Self.add(try ContextFile(artifact, name: byPlatform), to: &behind) }
            }
        }
    }

    private static func add(_ file: ContextFile, to names: inout Names) {
        guard names[file.name]?.contains(where: { $0.key == file.key }) != true else { return }
        names[file.name, default: []].append(file)
    }

    /// What a cleaned path leads to; nil for a malformed pattern.
    ///
    /// The empty path is the whole context. With `keepsParents`, `**` stands for directories.
    func find(_ path: String, keepsParents: Bool = false) -> Match? {
        guard !CopyPattern.isPattern(path) else {
            guard let pattern = SourcePattern(path, keepsParents: keepsParents) else { return nil }
            return selection { pattern.matchesParent(of: $0) }
        }
        guard !path.isEmpty else { return selection { _ in true } }
        // By bytes, as engines look: two forms of Unicode (NFC, NFD) are one text and two files.
        func named(_ names: Names) -> [ContextFile] {
            (names[path] ?? []).filter { $0.name.utf8.elementsEqual(path.utf8) }
        }
        let candidates = named(given).filter(isUsable)
        var match = Match()
        if candidates.isEmpty, case let behind = named(behind), !behind.isEmpty {
            (match.files, match.isBehind) = (behind, true)
        } else {
            match.files = candidates
            for file in named(behind) where !match.files.contains(where: { $0.key == file.key }) {
                match.files.append(file)
            }
        }
        // A file that is named for another platform is a mistake, and said to be one.
        if match.files.isEmpty { match.files = named(given) }
        if match.files.count > 1 { (match.files, match.shared) = ([], match.files) }
        return match.isEmpty ? selection { $0.hasPrefix(path + "/") } : match
    }

    /// Whether this platform can use a file.
    func isUsable(_ file: ContextFile) -> Bool {
        file.key.platform.platform.map(platform.accepts) ?? true
    }

    private func selection(_ isSelected: (String) -> Bool) -> Match {
        let isBehind = !given.keys.contains(where: isSelected)
        var match = Match(isBehind: isBehind, isSelection: true)
        for (name, files) in isBehind ? behind : given where isSelected(name) {
            if let file = files.first, files.count == 1 {
                match.files.append(file)
            } else if match.shared.isEmpty {
                match.shared = files
            }
        }
        match.files.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        if !isBehind {
            let taken = Set(match.files.map(\.key)).union(marked)
            match.leftOut = plain.filter { path in
                isSelected(path) && behind[path]?.contains { isUsable($0) && !taken.contains($0.key) } == true
            }.sorted()
        }
        return match
    }

    /// All names, for messages: those by `--naming`, then the plain paths that differ from them.
    var listed: [String] {
        given.keys.sorted() + plain.subtracting(given.keys).sorted()
    }

    /// Each name from `--naming` that is one file's.
    var usable: [ContextFile] { given.values.compactMap(single) }

    /// Each name behind those that is one file's.
    var usableBehind: [ContextFile] { behind.values.compactMap(single) }

    // Of a name that two platforms' files have, the own one's is meant.
    private func single(_ files: [ContextFile]) -> ContextFile? {
        if files.count == 1 { return files.first }
        let own = files.filter(isUsable)
        return own.count == 1 ? own.first : nil
    }
}

extension ArtifactKey {
    /// Whether it is for a nearer variant of the processor than another of the same release.
    fileprivate func isNearer(than other: ArtifactKey, to platform: Platform) -> Bool {
        guard let mine = self.platform.platform, let others = other.platform.platform, others != platform else {
            return false
        }
        return mine == platform || (mine.variant ?? "") > (others.variant ?? "")
    }
}
