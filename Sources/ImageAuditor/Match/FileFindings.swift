import ArtifactStore
import ContentAddress
import ImageFileSystem
import OCI
import Printable
import Release

/// Says what is wrong with the files of an image that was matched: what stands where it shouldn't, and what is missing.
struct FileFindings {
    let matched: MatchedImage
    let store: Store
    let options: AuditOptions
    let names: ReleasedNames

    /// Adds everything that is wrong with what stands where.
    ///
    /// `programs` is what was read of those that no release has.
    func add(to findings: inout FindingList, _ programs: [Digest: ProgramReading]) throws(StoreError) {
        let evidence = WithdrawalEvidence(matched, store: store)
        let marks = try store.revocationMarks()
        for file in matched.files {
            if let finding = try marks.finding(on: file, evidence) { findings.add(finding) }
            try add(to: &findings, of: file, file.digest.flatMap { programs[$0] }, evidence)
        }
        for (name, versions) in matched.explanation.mixed.sorted(by: { $0.key < $1.key }) {
            let list = versions.inOrder().map(\.text).joined(separator: ", ")
            findings.add(Finding(.mixedReleases, "files of \(name) are of the releases \(list)", found: list))
        }
        findings.add(try archived())
        findings.add(shadowed())
        for release in options.expected { findings.add(try missing(release)) }
        if matched.isBaseTouched, let base = matched.base {
            let touched = matched.image.touched.filter {
                $0.oldLayer < base.diffIDs.count && $0.layer >= base.diffIDs.count
            }
            for item in touched.prefix(ScannedImage.touchedCount) {
                findings.add(
                    Finding(.baseChanged, layer: item.layer, path: item.path, "it is the base's, \(base.name)")
                )
            }
        }
        let further = matched.furtherCount
        if further > 0 {
            let count = further == 1 ? "1 file is" : "\(further) files are"
            findings.add(Finding(.further, "\(count) neither released nor of a known base", found: "\(further)"))
        }
    }

    /// So many files of archives are named; the count of further files tells of all.
    private static let largestArchivedCount = 100

    // Evidence of where an unknown file comes from, which changes no verdict.
    private func archived() throws(StoreError) -> [Finding] {
        let unknown = matched.files.filter { $0.identity.isUnknown && $0.size >= ArchiveContents.smallestSize }
        let digests = Set(unknown.compactMap(\.digest))
        let places = try store.archives(holding: digests)
        let packed = try store.packedArchives(withAnyOf: digests)
        guard !places.isEmpty || !packed.isEmpty else { return [] }
        return unknown.compactMap { file -> Finding? in
            guard let digest = file.digest else { return nil }
            if let archive = packed[digest]?.first {
                return Finding(.archived, layer: file.layer, path: file.path, "it is \(archive)", found: "\(digest)")
            }
            guard let found = places[digest], let first = found.first else { return nil }
            let place = found.first { $0.archive.fits(matched.image.parsedPlatform) } ?? first
            return Finding(.archived, layer: file.layer, path: file.path, "it is \(place)", found: digest.description)
        }.prefix(Self.largestArchivedCount).map(\.self)
    }

    private func add(
        to findings: inout FindingList,
        of file: AuditedFile,
        _ reading: ProgramReading?,
        _ evidence: WithdrawalEvidence
    ) throws(StoreError) {
        switch file.identity {
        case .released(let artifacts):
            guard let best = artifacts.first else { break }
            if let withdrawn = try WithdrawnFile(file, matched, evidence)?.finding { findings.add(withdrawn) }
            if let name = names.fitting(file), !artifacts.contains(where: { names.fits(file, $0) }) {
                let words = "it is \(best.key), under the name of \(name.text)"
                findings.add(Finding(.otherName, layer: file.layer, path: file.path, words, found: best.key.name.text))
            }
            if !best.fits(matched.image.parsedPlatform) {
                findings.add(
                    Finding(
                        .wrongPlatform,
                        layer: file.layer,
                        path: file.path,
                        "it is \(best.key), in an image for \(matched.image.platform)",
                        found: "\(best.key.platform)",
                        expected: matched.image.platform
                    )
                )
            }
            if best.mode & 0o111 != 0, file.mode & 0o111 == 0 {
                findings.add(
                    Finding(
                        .notExecutable,
                        layer: file.layer,
                        path: file.path,
                        "\(best.key) has no executable bit here",
                        found: FileMode.text(file.mode),
                        expected: FileMode.text(best.mode)
                    )
                )
            }
        case .unknown:
            if let name = names.fitting(file) { findings.add(try otherBytes(file, name, reading)) }
        case .base: break
        }
        if file.kind == .file, file.mode & 0o6000 != 0, !file.identity.isBase {
            findings.add(
                Finding(
                    .setID,
                    layer: file.layer,
                    path: file.path,
                    "its mode is \(FileMode.text(file.mode))",
                    found: FileMode.text(file.mode)
                )
            )
        }
        if file.hasCapability, !file.identity.isBase {
            findings.add(Finding(.capability, layer: file.layer, path: file.path, "it has security.capability"))
        }
        if file.kind == .characterDevice || file.kind == .blockDevice {
            findings.add(Finding(.device, layer: file.layer, path: file.path, "a device node"))
        }
    }

    private func otherBytes(
        _ file: AuditedFile,
        _ name: RepositoryName,
        _ reading: ProgramReading?
    ) throws(StoreError) -> Finding {
        let version = options.expected.first { $0.name == name }?.version ?? matched.explanation.ordered(name).last
        let release = version.map { ReleaseKey(name: name, version: $0) }
        let nearest = try nearest(reading)
        var artifact: Artifact?
        if release == nil, let nearest, nearest.artifact.key.name == name {
            artifact = nearest.artifact
        } else {
            let compared: ReleaseKey? = if let release { release } else { try latest(name) }
            artifact = try compared.flatMap { compared throws(StoreError) in
                try store.artifacts(of: compared).first {
                    $0.fits(matched.image.parsedPlatform) && $0.key.platform != .any
                }
            }
        }
        return Finding(
            .otherBytes,
            layer: file.layer,
            path: file.path,
            "it is named like \(release.map { "\($0)" } ?? name.text), and its bytes are of no release"
                + (try similarity(reading, nearest)),
            found: file.digest?.description,
            expected: artifact?.digest.description
        )
    }

    // "; 97.3 % of them stand in agent 1.2.2 linux/amd64; other bytes in .text": the release that comes nearest.
    private func similarity(
        _ reading: ProgramReading?,
        _ nearest: (artifact: Artifact, thousandths: Int)?
    ) throws(StoreError) -> String {
        guard let reading, let (artifact, thousandths) = nearest else { return "" }
        var words = ["", "\(thousandths / 10).\(thousandths % 10) % of them stand in \(artifact.key)"]
        let released = try store.programIdentities(of: artifact.digest)
        let pair = reading.identities.lazy.compactMap { own in
            released.first { $0.os == own.os && $0.architecture == own.architecture }.map { (own, $0) }
        }.first
        if let (own, other) = pair {
            let sections = SectionComparison(own, other)
            words += SectionComparison.words(
                changed: sections.changed,
                added: sections.added,
                missing: sections.missing
            )
        }
        return words.joined(separator: "; ")
    }

    // The released file that most of a program's bytes stand in.
    private func nearest(
        _ reading: ProgramReading?
    ) throws(StoreError) -> (artifact: Artifact, thousandths: Int)? {
        guard let best = reading?.similarFiles.first else { return nil }
        return matched.explanation.ordered(
            try store.artifacts(with: best.artifact),
            for: matched.image.parsedPlatform
        ).first.map { ($0, best.thousandths) }
    }

    // Where nothing says which release should be there, the latest one is what the reader wants to compare with.
    private func latest(_ name: RepositoryName) throws(StoreError) -> ReleaseKey? {
        try store.releases(of: name).last { $0.artifacts.contains { $0.fits(matched.image.parsedPlatform) } }?.key
    }

    private func shadowed() -> [Finding] {
        var seen: Set<FilePath> = []
        // The topmost released content of each path is the one that should have stayed.
        return matched.image.hidden.reversed().compactMap { item -> Finding? in
            // What is done to the base's files is said of the base.
            guard let digest = item.old.digest, item.old.layer >= matched.base?.diffIDs.count ?? 0,
                let best = matched.released(digest).first, seen.insert(item.path).inserted
            else { return nil }
            guard let now = matched.image.tree.node(at: item.path, following: .parents)?.inode else {
                return Finding(
                    .removed,
                    layer: item.layer,
                    path: item.path,
                    "\(best.key) was there",
                    found: nil,
                    expected: digest.description
                )
            }
            guard now.digest != digest else { return nil }
            if matched.released(now.digest).contains(where: { options.expected.contains($0.key.release) }) {
                return nil
            }
            return Finding(
                .shadowed,
                layer: now.layer,
                path: item.path,
                "\(best.key) of layer \(item.old.layer + 1) is replaced there",
                found: now.digest?.description ?? "\(now.kind)",
                expected: digest.description
            )
        }
    }

    private func missing(_ release: ReleaseKey) throws(StoreError) -> [Finding] {
        let all = try store.artifacts(of: release)
        guard !all.isEmpty else { throw store.nothing(of: release) }
        let fitting = all.filter { $0.fits(matched.image.parsedPlatform) }
        let present = Set(matched.files.compactMap(\.digest))
        // A release's other files, such as its license, need not be in an image.
        let programs = fitting.filter(\.key.isProgram)
        let isPart = programs.isEmpty && fitting.contains { present.contains($0.digest) }
        let wanted = isPart ? [] : programs.isEmpty ? fitting : programs
        if !isPart, fitting.allSatisfy({ $0.key.platform == .any }), all.contains(where: { $0.key.platform != .any }) {
            let platforms = all.platforms.joined(separator: ", ")
            return [
                Finding(
                    .missing,
                    "\(release) has no artifact for \(matched.image.platform); it has \(platforms)",
                    expected: matched.image.platform
                )
            ]
        }
        let versions = matched.explanation.ordered(release.name)
        if !versions.isEmpty, !versions.contains(release.version) {
            let list = versions.map(\.text).joined(separator: ", ")
            return [
                Finding(
                    .otherRelease,
                    "\(release.name) is here in version \(list), \(release.version) was expected",
                    found: list,
                    expected: release.version.text
                )
            ]
        }
        return wanted.filter { !present.contains($0.digest) }.map { artifact in
            Finding(.missing, "\(artifact.key) is at no path of the image", expected: artifact.digest.description)
        }
    }
}
