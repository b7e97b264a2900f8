package import ArtifactStore
package import OCI
package import Release

extension GoReleaserDist {
    /// Requests to put all of it under one name and version.
    ///
    /// The program that is called like the release is its program; everything else stands under its own name.
    package func requests(
        name: RepositoryName?,
        version: Version?,
        annotations: [String: String],
        amends: Bool
    ) throws -> [PutRequest] {
        let project = metadata?.project ?? ""
        guard let name = name ?? (try? RepositoryName(parsing: project)) else {
            throw UnusableFiles(description: "the project '\(project)' can't be a release's name: give --name")
        }
        let version = try version ?? Version(parsing: metadata?.version ?? "")
        return try distinct().flatMap { entry in
            let platforms = entry.platforms.isEmpty ? [nil] : entry.platforms.map(Optional.some)
            return try platforms.map { platform in
                var own = annotations
                if let kind = entry.kind { own[Annotation.artifactKind] = kind }
                let isProgram = entry.kind == nil && entry.plainName == name.lastComponent
                var request = PutRequest(
                    source: .path(entry.path),
                    name: name,
                    version: version,
                    platform: platform.map(ArtifactPlatform.platform) ?? (entry.isOfUnsaidPlatform ? nil : .any),
                    path: isProgram ? nil : try ReleasePath(parsing: entry.name),
                    annotations: own
                )
                request.expectedDigest = entry.digest
                request.amends = amends
                return request
            }
        }
    }
}

extension GoReleaserDist {
    // A build may be listed twice, once as what is uploaded, with its digest; two builds of one name and platform have
    // one key.
    private func distinct() throws -> [Entry] {
        var places: [String: Int] = [:]
        var entries: [Entry] = []
        for entry in files {
            let key = "\(entry.name) \(entry.platforms)"
            guard let place = places[key] else {
                places[key] = entries.count
                entries.append(entry)
                continue
            }
            let other = entries[place].path
            guard other == entry.path else {
                let platforms = entry.platforms.map(\.description).joined(separator: ", ")
                throw UnusableFiles(
                    description: """
                        GoReleaser lists two files called \(entry.name)\(platforms.isEmpty ? "" : " for \(platforms)"): \(other) and \(entry.path)
                        Give the builds names of their own, `binary` in .goreleaser.yaml.
                        """
                )
            }
            let digest = entries[place].digest ?? entry.digest
            guard entry.digest == nil || entry.digest == digest else {
                throw UnusableFiles(
                    description: """
                        GoReleaser lists \(entry.path) twice, with different checksums
                        One of them is of other bytes: run `goreleaser release` again.
                        """
                )
            }
            entries[place].digest = digest
        }
        return entries
    }
}

extension GoReleaserDist.Entry {
    /// The name without the extension of Windows' programs.
    fileprivate var plainName: String {
        name.lowercased().hasSuffix(".exe") ? String(name.dropLast(4)) : name
    }
}
