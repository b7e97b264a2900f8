import ContentAddress
package import ImageAuditor
import ImageFileSystem
import SBOM

/// The packages that an image's package managers list, each held against the image's files.
package struct PackageCheck {
    /// The packages, in their order.
    let packages: [InstalledPackage]
    /// The distribution that they are of.
    let system: OSRelease
    /// A component for each package.
    let components: [BillOfMaterials.Component]
    /// The files that have the digests of a package's.
    let checkedPaths: Set<FilePath>
    /// Package databases that aren't read.
    let unread: [String]
    /// Whether a file of a package has no digest here to compare.
    private let lacksSums: Bool

    /// Whether the contents at a path are read here.
    static func isRead(_ path: FilePath) -> Bool {
        let names = path.components
        guard let first = names.first, directories.contains(first) else { return false }
        let text = path.description
        return singleFiles.contains(text)
            || names.count == 5 && text.hasPrefix("/var/lib/dpkg/info/") && text.hasSuffix(sumsSuffix)
            || names.count == 5 && text.hasPrefix("/var/lib/dpkg/status.d/")
    }

    /// Audits an image, and keeps what its packages are compared with.
    ///
    /// It is read again where the database of dpkg, whose MD5s no other image needs, stands behind much that it lists.
    package static func audit(
        _ body: (ContentRecord) throws -> ImageAudit
    ) rethrows -> (audit: ImageAudit, contents: ContentRecord) {
        let contents = ContentRecord(keeping: isRead, md5: .behind(announcesDpkg))
        let audit = try body(contents)
        let isLacking = contents.mayLackMD5 && audit.platforms.contains { PackageCheck($0, contents).lacksSums }
        guard isLacking else { return (audit, contents) }
        let all = ContentRecord(keeping: isRead)
        return (try body(all), all)
    }

    private static func announcesDpkg(_ path: FilePath) -> Bool {
        let names = path.components
        return dpkgDirectories.contains { names.starts(with: $0) }
    }

    private static let dpkgDirectories = [["etc", "dpkg"], ["var", "lib", "dpkg"]].map { $0.map { Array($0.utf8) } }
    private static let directories = ["var", "lib", "usr", "etc"].map { Array($0.utf8) }
    private static let dpkgStatus = "/var/lib/dpkg/status"
    private static let apkDatabases = ["/lib/apk/db/installed", "/usr/lib/apk/db/installed"]
    private static let systemFiles = ["/etc/os-release", "/usr/lib/os-release"]
    private static let singleFiles = Set([dpkgStatus] + apkDatabases + systemFiles)
    private static let sumsSuffix = ".md5sums"
    private static let rpmDirectories = ["/var/lib/rpm/", "/usr/lib/sysimage/rpm/"]
    private static let rpmNames = ["rpmdb.sqlite", "Packages", "Packages.db"]
    /// So many changed paths are named.
    private static let namedCount = 20

    init(_ audit: PlatformAudit, _ contents: ContentRecord) {
        let files = EffectiveFiles(audit)
        func bytes(_ path: String) -> [UInt8]? {
            files.file(at: FilePath(path))?.digest.flatMap(contents.bytes)
        }
        let system = OSRelease(Self.systemFiles.lazy.compactMap(bytes).first ?? [])
        var packages = bytes(Self.dpkgStatus).map(DpkgDatabase.packages) ?? []
        packages += Self.apkDatabases.lazy.compactMap(bytes).first.map(ApkDatabase.packages) ?? []
        var sums: [String: [InstalledPackage.File]] = [:]
        // A link in the place of a database, or one that is too large, hides what is installed.
        var unread = ([Self.dpkgStatus] + Self.apkDatabases).filter { path in
            files.file(at: FilePath(path)) != nil && bytes(path) == nil
        }
        for file in audit.files where file.kind == .file {
            let path = file.path.description
            if path.hasPrefix("/var/lib/dpkg/"), let content = file.digest.flatMap(contents.bytes) {
                let name = String(decoding: file.path.lastName, as: UTF8.self)
                if name.hasSuffix(Self.sumsSuffix) {
                    sums[String(name.dropLast(Self.sumsSuffix.count))] = DpkgDatabase.sums(in: content)
                } else if path != Self.dpkgStatus {
                    packages += DpkgDatabase.packages(in: content)
                }
            } else if Self.rpmDirectories.contains(where: { path.hasPrefix($0) }),
                Self.rpmNames.contains(where: { path.hasSuffix("/" + $0) })
            {
                unread.append(file.path.documentText)
            }
        }
        self.unread = unread
        self.system = system
        self.packages = packages.sorted(by: InstalledPackage.isBefore)
        var (checkedPaths, lacksSums): (Set<FilePath>, Bool) = ([], false)
        components = self.packages.map { package in
            var package = package
            let architecture = package.architecture.map { ":\($0)" } ?? ""
            if package.kind == .deb {
                package.files += sums[package.name + architecture] ?? sums[package.name] ?? []
            }
            return Self.component(package, system, files, contents, &checkedPaths, &lacksSums)
        }
        self.checkedPaths = checkedPaths
        self.lacksSums = lacksSums
    }

    /// The ecosystem that advisories call a package's.
    func ecosystem(of package: InstalledPackage) -> String {
        if let ecosystem = ComparedPackage.ecosystem(of: package.kind, in: system) { return ecosystem }
        let name = system.identifier ?? (package.kind == .deb ? "debian" : "alpine")
        return name.prefix(1).uppercased() + name.dropFirst() + (system.version.map { ":\($0)" } ?? "")
    }

    private static func component(
        _ package: InstalledPackage,
        _ system: OSRelease,
        _ files: EffectiveFiles,
        _ contents: ContentRecord,
        _ checkedPaths: inout Set<FilePath>,
        _ lacksSums: inout Bool
    ) -> BillOfMaterials.Component {
        var component = BillOfMaterials.Component(
            kind: .library,
            name: package.name,
            version: package.version,
            purl: package.purl(in: system)
        )
        var (checked, missing) = (0, 0)
        var changed: [String] = []
        for listed in package.files {
            guard let path = FilePath(listed.path), let file = files.file(at: path) else {
                missing += 1
                continue
            }
            switch isSame(file, listed, package.kind, contents) {
            case true?:
                checked += 1
                checkedPaths.insert(file.path)
            case false?: changed.append(file.path.documentText)
            case nil: lacksSums = true
            }
        }
        component.properties["files"] = changed.isEmpty ? (checked == 0 ? "not checked" : "checked") : "changed"
        if checked > 0 { component.properties["filesChecked"] = "\(checked)" }
        if missing > 0 { component.properties["filesMissing"] = "\(missing)" }
        if !changed.isEmpty {
            let rest = changed.count - namedCount
            component.properties["filesChanged"] =
                changed.prefix(namedCount).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
        }
        return component
    }

    /// Nil where there is no digest of the file.
    private static func isSame(
        _ file: AuditedFile,
        _ listed: InstalledPackage.File,
        _ kind: InstalledPackage.Kind,
        _ contents: ContentRecord
    ) -> Bool? {
        if file.kind == .symbolicLink, kind == .apk {
            guard var hasher = LegacyHasher(.sha1) else { return nil }
            hasher.update(file.target)
            return hasher.finalize() == listed.sum
        }
        guard file.kind == .file, let sums = file.digest.flatMap(contents.sums) else { return false }
        return (kind == .deb ? sums.md5 : sums.sha1).map { $0 == listed.sum }
    }
}
