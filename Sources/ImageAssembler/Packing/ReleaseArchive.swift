package import ArtifactStore
package import OCI
import Printable
package import Release

/// An archive of a release's files for one platform, as release pages have them.
package struct ReleaseArchive: Sendable {
    /// In which form it is written.
    package enum Form: String, CaseIterable, Sendable {
        /// A tar archive, compressed by gzip.
        case tarGzip = "tar.gz"
        /// A zip file.
        case zip
        /// A Debian package.
        case deb
    }

    /// A file in it.
    package struct Entry: Sendable {
        /// Its path in the archive.
        package let path: String
        /// The released file.
        package let artifact: Artifact
    }

    /// The release.
    package let release: ReleaseKey
    /// The platform whose files it has.
    package let platform: Platform
    /// In which form it is written.
    package let form: Form
    /// What it holds, in the order of the paths' bytes.
    package let entries: [Entry]
    /// What a Debian package says of itself; nil for the other forms.
    let control: DebianControl?

    /// Plans the archive of a platform.
    ///
    /// It has the platform's files and those for all platforms, but for archives, checksums and what else
    /// `dev.bindery.artifact.kind` marks. Throws ``PackError``.
    package init(
        of release: ReleaseKey,
        _ artifacts: [Artifact],
        for platform: Platform,
        as form: Form,
        package details: DebianDetails = DebianDetails()
    ) throws(PackError) {
        let files = artifacts.filter { artifact in
            guard artifact.annotations[Annotation.artifactKind] == nil else { return false }
            return artifact.key.platform == .platform(platform) || artifact.key.platform == .any
        }
        guard files.contains(where: { $0.key.platform != .any }) else { throw .nothing(release, platform) }
        let package = form == .deb ? try DebianControl.packageName(release.name) : nil
        // By bytes: two forms of Unicode are one text and two files.
        var places: [[UInt8]: Entry] = [:]
        for artifact in files {
            let plain = Self.path(of: artifact, for: platform)
            let path = package.map { DebianControl.path(of: plain, mode: artifact.mode, package: $0) } ?? plain
            if let other = places.updateValue(Entry(path: path, artifact: artifact), forKey: Array(path.utf8)) {
                throw .duplicate(path, other.artifact.key, artifact.key)
            }
        }
        self.release = release
        self.platform = platform
        self.form = form
        entries = places.values
            .sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        control =
            form == .deb
            ? try DebianControl(of: release, platform, details, size: entries.map(\.artifact.size).reduce(0, &+)) : nil
    }

    /// What it is called where no other name is given: `tool_1.2.3_linux_armv7.tar.gz`, as GoReleaser has it.
    package var fileName: String {
        let variant = platform.variant ?? ""
        return "\(release.name.lastComponent)_\(release.version)_\(platform.os)_\(platform.architecture)\(variant)."
            + form.rawValue
    }

    // Windows' programs keep the ending by which they are started.
    private static func path(of artifact: Artifact, for platform: Platform) -> String {
        let isWindows = platform.os == "windows" && artifact.fileName.lowercased().hasSuffix(".exe")
        return artifact.key.file.text + (artifact.key.isProgram && isWindows ? ".exe" : "")
    }
}

/// Why a release can't be packed.
package enum PackError: Error, CustomStringConvertible {
    /// The release has no file for the platform.
    case nothing(ReleaseKey, Platform)
    /// Two files would have one path.
    case duplicate(String, ArtifactKey, ArtifactKey)
    /// A name, version or platform that Debian's packages can't have.
    case debian(String)
    /// It doesn't fit the form.
    case tooLarge(ReleaseArchive.Form)

    /// One or two lines for a person.
    package var description: String {
        switch self {
        case .nothing(let release, let platform): "\(release) has no file for \(platform)"
        case .duplicate(let path, let first, let second):
            "\(first) and \(second) would both be \(printable(path)) in the archive"
        case .debian(let words): "a Debian package can't be made: \(words)"
        case .tooLarge(let form): "it is too large for \(form.rawValue): take tar.gz"
        }
    }
}
