package import ArtifactStore
import OCI
import Printable
package import Release

extension UnpackedArchive {
    /// Requests to put the files of an archive as those of a release.
    ///
    /// `request` is what is known of the archive itself: name, version, annotations, the digest that it must have. Its
    /// platform is the programs'; other files are for all platforms unless `platform` says otherwise.
    package func requests(like request: PutRequest, platform: ArtifactPlatform?) throws -> [PutRequest] {
        let name = request.sourceName
        if let expected = request.expectedDigest, expected != digest {
            throw StoreError.otherBytes(path: name, expected: expected, found: digest)
        }
        stripDirectory(of: request.name.lastComponent)
        return try members.map { member in
            var own = request
            own.source = .path(member.file)
            own.label = "\(name): \(printable(member.path))"
            own.expectedDigest = nil
            own.path = try ReleasePath(parsing: member.path)
            own.fileName = nil
            own.platform = platform ?? (member.isExecutable ? request.platform : nil)
            own.otherwise = .any
            own.keepsMode = true
            return own
        }
    }
}
