internal import ArtifactStore
internal import ContentAddress
internal import OCI

/// Judges the files of one platform's image against the store: what each is, and what stands where it shouldn't.
struct FileMatcher {
    let image: PlatformImage
    let store: Store
    let options: AuditOptions
    let names: ReleasedNames
    /// The known base that the lowest layers are.
    let base: KnownBase?
    let match: ReleaseMatch
    let files: [AuditedFile]

    /// Looks all digests up.
    init(_ image: PlatformImage, store: Store, options: AuditOptions, names: ReleasedNames) throws(StoreError) {
        self.image = image
        self.store = store
        self.options = options
        self.names = names
        base = KnownBase.below(image.diffIDs, among: options.bases)

        // Of a damaged image nothing is certain, and it may have been made to have very many files.
        var found: [TreeNode] = []
        var effective: Set<Digest> = []
        if !image.doubts.contains(.damaged) {
            image.tree.forEachNode { node in
                guard node.inode.kind != .directory else { return }
                found.append(node)
                if let digest = node.inode.digest { effective.insert(digest) }
            }
        }
        let artifacts = try store.artifacts(withAnyOf: effective.union(image.hidden.compactMap(\.old.digest)))
        let match = ReleaseMatch(
            artifacts,
            effective: effective,
            platform: image.parsedPlatform,
            expected: options.expected
        )
        self.match = match
        let base = base
        let platform = image.parsedPlatform
        files = found.map { node in
            let inode = node.inode
            let identity: FileIdentity =
                if let digest = inode.digest, let artifacts = match.ordered(digest, platform: platform) {
                    .released(artifacts)
                } else if let base, inode.layer < base.diffIDs.count {
                    .base(base.name)
                } else {
                    .unknown
                }
            return AuditedFile(node.path, inode, identity)
        }
    }

    /// Whether a file of the known base was replaced or removed by a layer above it.
    var isBaseTouched: Bool {
        guard let base else { return false }
        return image.touched.contains { $0.oldLayer < base.diffIDs.count && $0.layer >= base.diffIDs.count }
    }

    /// Everything that is wrong with what stands where.
    ///
    /// `programs` is what was read of those that no release has.
    func findings(_ programs: [Digest: ProgramReading]) throws(StoreError) -> [Finding] {
        var findings: [Finding] = []
        for file in files { findings += judge(file, file.digest.flatMap { programs[$0] }) }
        for (name, versions) in match.mixed {
            let list = versions.map(\.text).sorted().joined(separator: ", ")
            findings.append(Finding(.mixedReleases, "files of \(name) are of the releases \(list)", found: list))
        }
        findings += shadowed()
        for release in options.expected { findings += try missing(release) }
        if isBaseTouched, let base {
            let touched = image.touched.filter {
                $0.oldLayer < base.diffIDs.count && $0.layer >= base.diffIDs.count
            }
            for item in touched.prefix(ImageFacts.touchedCount) {
                findings.append(
                    Finding(.baseChanged, layer: item.layer, path: item.path, "it is a file of \(base.name)")
                )
            }
        }
        let further = furtherCount
        if further > 0 {
            let count = further == 1 ? "1 file is" : "\(further) files are"
            findings.append(Finding(.further, "\(count) neither released nor of a known base", found: "\(further)"))
        }
        return findings
    }

    /// How many are neither released nor of the base; symbolic links and devices are files here, too.
    var furtherCount: Int { files.count(where: \.identity.isUnknown) }

    private func judge(_ file: AuditedFile, _ reading: ProgramReading?) -> [Finding] {
        var findings: [Finding] = []
        switch file.identity {
        case .released(let artifacts):
            guard let best = artifacts.first else { break }
            if !best.fits(image.parsedPlatform) {
                findings.append(
                    Finding(
                        .wrongPlatform,
                        layer: file.layer,
                        path: file.path,
                        "it is \(best.key), in an image for \(image.platform)",
                        found: "\(best.key.platform)",
                        expected: image.platform
                    )
                )
            }
            if best.mode & 0o111 != 0, file.mode & 0o111 == 0 {
                findings.append(
                    Finding(
                        .notExecutable,
                        layer: file.layer,
                        path: file.path,
                        "\(best.key) has no executable bit here",
                        found: String(file.mode, radix: 8),
                        expected: String(best.mode, radix: 8)
                    )
                )
            }
        case .unknown:
            if let name = names.fitting(file), let finding = otherBytes(file, name, reading) {
                findings.append(finding)
            }
        case .base: break
        }
        if file.kind == .file, file.mode & 0o6000 != 0, !file.identity.isBase {
            findings.append(
                Finding(
                    .setID,
                    layer: file.layer,
                    path: file.path,
                    "its mode is \(String(file.mode, radix: 8))",
                    found: String(file.mode, radix: 8)
                )
            )
        }
        if file.hasCapability, !file.identity.isBase {
            findings.append(Finding(.capability, layer: file.layer, path: file.path, "it has security.capability"))
        }
        if file.kind == .characterDevice || file.kind == .blockDevice {
            findings.append(Finding(.device, layer: file.layer, path: file.path, "a device node"))
        }
        return findings
    }

    private func otherBytes(_ file: AuditedFile, _ name: RepositoryName, _ reading: ProgramReading?) -> Finding? {
        let version = options.expected.first { $0.name == name }?.version ?? match.chosen[name]
        let release = version.map { ReleaseKey(name: name, version: $0) }
        let artifact = (release ?? latest(name)).flatMap { release in
            try? store.artifacts(of: release).first { $0.fits(image.parsedPlatform) && $0.key.platform != .any }
        }
        return Finding(
            .otherBytes,
            layer: file.layer,
            path: file.path,
            "it is named like \(release.map { "\($0)" } ?? name.text), and its bytes are of no release"
                + likeness(reading),
            found: file.digest?.description,
            expected: artifact?.digest.description
        )
    }

    // "; 97.3 % of them stand in agent 1.2.2 linux/amd64; other bytes in .text": the release that comes nearest.
    private func likeness(_ reading: ProgramReading?) -> String {
        guard let reading, let best = reading.likeness.first,
            let artifact = (try? store.artifacts(with: best.artifact))?.first
        else { return "" }
        var words = ["", "\(best.thousandths / 10).\(best.thousandths % 10) % of them stand in \(artifact.key)"]
        if let facts = reading.facts, let released = try? store.binaryFacts(of: best.artifact) {
            let sections = SectionComparison(facts, released)
            words += SectionComparison.words(
                changed: sections.changed,
                added: sections.added,
                missing: sections.missing
            )
        }
        return words.joined(separator: "; ")
    }

    // Where nothing says which release should be there, the latest one is what the reader wants to compare with.
    private func latest(_ name: RepositoryName) -> ReleaseKey? {
        (try? store.releases(of: name))?.last { $0.artifacts.contains { $0.fits(image.parsedPlatform) } }?.key
    }

    private func shadowed() -> [Finding] {
        var seen: Set<FilePath> = []
        // The topmost released content of each path is the one that should have stayed.
        return image.hidden.reversed().compactMap { item -> Finding? in
            guard let digest = item.old.digest, let artifacts = match.ordered(digest, platform: image.parsedPlatform),
                let best = artifacts.first, seen.insert(item.path).inserted
            else { return nil }
            guard let now = image.tree.node(at: item.path, following: .parents)?.inode else {
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
            if let standing = now.digest.flatMap({ match.ordered($0, platform: image.parsedPlatform) })?.first,
                options.expected.contains(standing.key.release)
            {
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
        guard !all.isEmpty else { throw Store.nothing(of: release, platform: nil, among: []) }
        let wanted = all.filter { $0.fits(image.parsedPlatform) }
        let present = Set(files.compactMap(\.digest))
        if wanted.allSatisfy({ $0.key.platform == .any }), wanted.count < all.count {
            let platforms = all.map { "\($0.key.platform)" }.joined(separator: ", ")
            return [
                Finding(
                    .missing,
                    "\(release) has no artifact for \(image.platform); it has \(platforms)",
                    expected: image.platform
                )
            ]
        }
        if let other = match.chosen[release.name], other != release.version {
            return [
                Finding(
                    .otherRelease,
                    "\(release.name) is here in version \(other), \(release.version) was expected",
                    found: other.text,
                    expected: release.version.text
                )
            ]
        }
        return wanted.filter { !present.contains($0.digest) }.map { artifact in
            Finding(.missing, "\(artifact.key) is at no path of the image", expected: artifact.digest.description)
        }
    }
}
