package import OCI
package import Release

/// Which releases a set of files is: the one answer to "which release is this?".
///
/// The bytes of a file may belong to several releases and names. A name is consistent when all files that may be its
/// have a version in common; all such versions are kept, since each of them explains the files. For the files that no
/// consistent name explains, a version is chosen for each further name so that every file is one's. Whatever is
/// released later only adds to what a file may be, so that files which were explained stay so.
package struct ReleaseExplanation: Hashable, Sendable {
    /// For each name the versions every one of which explains its files.
    package private(set) var versions: [RepositoryName: Set<Version>] = [:]
    /// Names that are needed to explain a file and whose files have no version in common, with all their versions.
    package private(set) var mixed: [RepositoryName: Set<Version>] = [:]
    /// The releases that should be there: among several versions that explain the files these are meant.
    package let expected: Set<ReleaseKey>

    /// Explains files, each given by all artifacts with its bytes; those that aren't a release's are left out.
    package init(_ files: some Sequence<[Artifact]>, expected: [ReleaseKey] = []) {
        self.expected = Set(expected)
        let candidates = Set(files.map { Set($0.map(\.key.release)) }).filter { !$0.isEmpty }
        let names = Set(candidates.joined().map(\.name)).sorted()
        for name in names {
            let common = Self.common(name, candidates)
            if !common.isEmpty { versions[name] = common }
        }
        let open = unexplained(candidates)
        if let choice = ReleaseChoice(open, preferred: self.expected).choice {
            for name in choice.keys { versions[name] = Self.alternatives(name, choice, open) }
        } else {
            for name in names where versions[name] == nil {
                let common = Self.common(name, unexplained(candidates))
                if !common.isEmpty { versions[name] = common }
            }
        }
        let rest = unexplained(candidates)
        for name in names where versions[name] == nil {
            let all = Set(rest.joined().filter { $0.name == name }.map(\.version))
            if !all.isEmpty { mixed[name] = all }
        }
        for (name, all) in versions {
            let wanted = all.filter { self.expected.contains(ReleaseKey(name: name, version: $0)) }
            if !wanted.isEmpty { versions[name] = wanted }
        }
    }

    /// The releases that explain the files, by name and then in the order of versions.
    package var releases: [ReleaseKey] {
        versions.flatMap { name, all in all.map { ReleaseKey(name: name, version: $0) } }.inOrder()
    }

    /// The versions of a name that explain its files, in the order of versions.
    package func ordered(_ name: RepositoryName) -> [Version] { (versions[name] ?? []).inOrder() }

    /// Whether a release is one of those that explain the files.
    package func contains(_ release: ReleaseKey) -> Bool { versions[release.name]?.contains(release.version) == true }

    /// Artifacts with the same bytes, the one that fits a platform and explains the files best first.
    package func ordered(_ artifacts: [Artifact], for platform: Platform?) -> [Artifact] {
        func rank(_ artifact: Artifact) -> Int {
            let release = artifact.key.release
            let explains = contains(release) || expected.contains(release)
            return (explains ? 0 : 1) + (artifact.fits(platform) ? 0 : 2)
        }
        // Of equals the one that was put first stays first, whatever is put later.
        return artifacts.map { (rank($0), $0) }.enumerated().sorted { left, right in
            let (first, second) = (left.element, right.element)
            return (first.0, first.1.putAt, left.offset) < (second.0, second.1.putAt, right.offset)
        }.map(\.element.1)
    }

    private static func common(_ name: RepositoryName, _ candidates: some Sequence<Set<ReleaseKey>>) -> Set<Version> {
        var common: Set<Version>?
        for candidate in candidates {
            let own = Set(candidate.lazy.filter { $0.name == name }.map(\.version))
            guard !own.isEmpty else { continue }
            common = common?.intersection(own) ?? own
        }
        return common ?? []
    }

    // The versions of a name with which the choice explains the files just as well.
    private static func alternatives(
        _ name: RepositoryName,
        _ choice: [RepositoryName: Version],
        _ candidates: [Set<ReleaseKey>]
    ) -> Set<Version> {
        let own = candidates.filter { candidate in
            !candidate.contains { $0.name != name && choice[$0.name] == $0.version }
        }
        return common(name, own).union(choice[name].map { [$0] } ?? [])
    }

    private func unexplained(_ candidates: Set<Set<ReleaseKey>>) -> [Set<ReleaseKey>] {
        candidates.filter { !$0.contains(where: contains) }
    }
}

extension Sequence<Version> {
    /// By semantic versioning where they follow it, else by their text.
    package func inOrder() -> [Version] {
        let never = Timestamp(milliseconds: 0)
        return sorted { Version.precedes(($0, never), ($1, never)) }
    }
}

extension Artifact {
    /// Whether it may stand in an image of a platform: released for it, for all, or for an older variant of it.
    package func fits(_ platform: Platform?) -> Bool {
        guard let own = key.platform.platform, let platform else { return true }
        guard own.os == platform.os, own.architecture == platform.architecture else { return false }
        guard let needed = own.variant else { return true }
        return needed <= (platform.variant ?? needed)
    }
}

extension [Artifact] {
    /// Those that may stand in an image of a platform; all of them where none may.
    package func fitting(_ platform: Platform?) -> [Artifact] {
        let fitting = filter { $0.fits(platform) }
        return fitting.isEmpty ? self : fitting
    }
}

extension Sequence<ReleaseKey> {
    /// By name as `name@version` is sorted, then in the order of versions.
    package func inOrder() -> [ReleaseKey] {
        let never = Timestamp(milliseconds: 0)
        return sorted { left, right in
            left.name == right.name
                ? Version.precedes((left.version, never), (right.version, never))
                : left.name.text + "@" < right.name.text + "@"
        }
    }
}
