import Archive
import ArtifactStore
import OCI
import Printable
import Release
import ReleaseFiles
import SystemIO

extension PutCommand {
    /// What is to be put, and the archives whose files are among it.
    func requests() throws -> ([PutRequest], [UnpackedArchive]) {
        if let goreleaser {
            let dist = try GoReleaserDist(goreleaser, withMetadata: name == nil || version == nil)
            for warning in dist.warnings { Output.warning(warning) }
            if let remark = dist.remark { Output.note(remark) }
            let all = try dist.requests(
                name: name,
                version: version,
                annotations: annotations,
                amends: amend
            )
            guard unpack else { return (all, []) }
            let archives = all.filter { $0.annotations[Annotation.artifactKind] == "archive" }.map { request in
                var request = request
                request.annotations[Annotation.artifactKind] = nil
                return request
            }
            let unpacked = try unpack(archives)
            return (try PutRequest.distinct(all + unpacked.0), unpacked.1)
        }
        let files = try self.files + (filesFrom.map(NameList.read) ?? [])
        guard !files.isEmpty else { throw UsageError(description: "--files-from \(filesFrom ?? "") names no file") }
        let sources = try files.flatMap { try unpack ? [PutSource(path: $0)] : PutSource.expand($0) }
        if sources.count > 1, let option = path != nil ? "--as" : fileName != nil ? "--file-name" : nil {
            throw UsageError(description: "\(option) names one file, not \(sources.count)")
        }
        let pattern = try namePattern.map { try NamePattern($0) }
        var requests = try sources.flatMap { try self.requests(for: $0, pattern) }
        if let checksums { requests = try ChecksumList(path: checksums).expected(of: requests) }
        guard unpack else { return (requests, []) }
        let unpacked = try unpack(requests)
        return (try PutRequest.distinct(unpacked.0), unpacked.1)
    }

    private func unpack(_ archives: [PutRequest]) throws -> ([PutRequest], [UnpackedArchive]) {
        var unpacked: [UnpackedArchive] = []
        let requests = try archives.flatMap { request -> [PutRequest] in
            guard case .path(let path) = request.source else { return [] }
            let archive = try UnpackedArchive(path)
            unpacked.append(archive)
            return try archive.requests(like: request, platform: platform)
        }
        return (requests, unpacked)
    }

    private var annotations: [String: String] {
        Dictionary(annotation.map { ($0.key, $0.value) }) { _, last in last }
    }

    // One for each platform of a universal program.
    private func requests(for source: PutSource, _ pattern: NamePattern?) throws -> [PutRequest] {
        var found = NamePattern.Match()
        if let pattern {
            let given = NamePattern.Known(name: name?.text, version: version?.text, hasPlatform: platform != nil)
            let path = source.relative ?? source.path
            let written = unpack ? ArchiveFormat.plainName(path) : path
            found = try pattern.read(written, given)
            if let other = pattern.overruled(written, by: given) {
                Output.note("\(path): --\(other.field) counts, and not '\(other.read)', which the pattern reads")
            }
        }
        guard let name = try name ?? found.name.map({ try RepositoryName(parsing: $0) }) else {
            throw UsageError(description: "the pattern has no {name}: give --name")
        }
        guard let version = try version ?? found.version.map({ try Version(parsing: $0) }) else {
            throw UsageError(description: "give --version, or a pattern with {version}")
        }
        let platforms = try platform.map { [$0] } ?? found.platforms()
        var request = PutRequest(
            source: source.path == "-" ? .standardInput : .path(source.path),
            name: name,
            version: version,
            platform: platforms.first,
            path: try path ?? (pattern == nil ? source.relative : found.file).map { try ReleasePath(parsing: $0) },
            fileName: fileName,
            mode: mode,
            annotations: annotations,
            expectedText: expectText ?? (expectVersion ? version.text : nil)
        )
        if source.relative != nil {
            request.otherwise = .any
            request.keepsMode = true
        }
        if let kind {
            request.annotations[Annotation.artifactKind] = kind.rawValue
            request.otherwise = .any
            // It isn't the release's program, whatever it is called.
            if request.path == nil, source.path != "-" {
                request.path = try ReleasePath(parsing: fileName ?? Directory.lastComponent(of: source.path))
                request.fileName = nil
            }
        }
        request.amends = amend
        warnOfArchive(request)
        return platforms.count < 2
            ? [request]
            : platforms.map { platform in
                var own = request
                own.platform = platform
                return own
            }
    }

    /// Warns of files whose set-id bits a release doesn't keep.
    func warnOfSetID(_ requests: [PutRequest], _ archives: [UnpackedArchive]) {
        let paths =
            requests.compactMap { request -> String? in
                guard request.mode == nil, case .path(let path) = request.source,
                    let status = try? FileStatus.of(path), status.kind == .file, status.mode & 0o6000 != 0
                else { return nil }
                return path
            } + archives.flatMap(\.filesWithSetID)
        guard let first = paths.first else { return }
        Output.warning(
            """
            \(first)\(paths.count > 1 ? " and \(paths.count - 1) more have" : " has") set-id bits, which no release keeps: \
            COPY --chmod=4755 sets them in an image
            """
        )
    }

    // A key is for ever, and no kernel starts an archive.
    private func warnOfArchive(_ request: PutRequest) {
        guard !unpack, kind == nil, request.path == nil, request.platform != .any,
            case .path(let path) = request.source, ArchiveFormat.isNamed(path)
        else { return }
        Output.warning(
            """
            \(path) becomes the program of \(request.name)@\(request.version): --unpack puts the files in it, \
            and --kind archive keeps it beside the program
            """
        )
    }
}
