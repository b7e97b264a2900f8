package import ArtifactStore
import ContentAddress
import ELF
package import ImageAuditor
import ImageFileSystem
package import SBOM
import SystemIO

/// Compares what images contain with advisories.
package struct AdvisoryCheck: Sendable {
    let database: AdvisoryDatabase
    /// Whether what can't be compared is only named on standard error.
    let isPartial: Bool
    let store: Store

    package init(database: AdvisoryDatabase, isPartial: Bool, store: Store) {
        self.database = database
        self.isPartial = isPartial
        self.store = store
    }

    /// The most programs, and the most advisories, that are named where they weren't compared.
    private static let namedCount = 10

    /// The same audit with what the advisories say; `contents` was recorded while the audit read the image.
    package func hold(_ audit: ImageAudit, _ contents: ContentRecord, tell: (String) -> Void) -> ImageAudit {
        var affected: [AdvisoryFinding] = []
        var rest: [AdvisoryFinding] = []
        for platform in audit.platforms {
            var check = PlatformAdvisories(platform: platform, database: database)
            check.run(contents, store)
            affected += check.affected
            rest += check.rest(naming: Self.namedCount)
        }
        guard isPartial else { return audit.adding(affected: affected, notCompared: rest) }
        for item in rest { tell("\(audit.reference): \(item.platform): not compared: \(item.message)") }
        return audit.adding(affected: affected, notCompared: [])
    }
}

/// One platform's packages and programs against advisories.
private struct PlatformAdvisories {
    let platform: PlatformAudit
    let database: AdvisoryDatabase
    private(set) var affected: [AdvisoryFinding] = []
    private var unread: [String] = []
    private var packages: [String: Int] = [:]
    private var programs: [String] = []
    private var undecided: [String] = []

    init(platform: PlatformAudit, database: AdvisoryDatabase) {
        self.platform = platform
        self.database = database
    }

    mutating func run(_ contents: ContentRecord, _ store: Store) {
        let listed = PackageCheck(platform, contents)
        unread = listed.unread.map { "the packages in \($0)" }
        for package in listed.packages {
            let compared = ComparedPackage(package, in: listed.system)
            let isCompared = compared.map { add($0, "\(package.name) \(package.version)", at: nil) } ?? false
            if !isCompared { packages[listed.ecosystem(of: package), default: 0] += 1 }
        }
        for file in platform.files where file.kind == .file && !listed.checkedPaths.contains(file.path) {
            guard let digest = file.digest, let modules = modules(of: file, digest, store) else { continue }
            var isCompared = false
            for module in modules {
                guard let package = ComparedPackage(module) else { continue }
                if add(package, "\(module.name) \(module.version ?? "")", at: file) { isCompared = true }
            }
            if !isCompared { programs.append(file.path.documentText) }
        }
    }

    /// What wasn't compared, a line for each kind.
    func rest(naming count: Int) -> [AdvisoryFinding] {
        var lines = unread + packages.sorted { $0.key < $1.key }.map { "packages of \($0.key): \($0.value)" }
        func add(_ kind: String, _ all: [String]) {
            guard !all.isEmpty else { return }
            let more = all.count - count
            lines.append("\(kind): \(all.prefix(count).joined(separator: ", "))\(more > 0 ? " and \(more) more" : "")")
        }
        add("programs whose modules aren't known, or in no ecosystem of the advisories", programs)
        add("advisories that give no version to compare with", undecided)
        return lines.map { AdvisoryFinding(platform: platform.platform, path: nil, message: $0) }
    }

    // Nil for a file that isn't a program. Modules that ran only while a program was built aren't in it.
    private func modules(of file: AuditedFile, _ digest: Digest, _ store: Store) -> [ProgramModule]? {
        if file.identity.isReleased, let blob = try? store.openBlob(digest), let mapped = try? MappedFile(blob) {
            let modules = ProgramContents(mapped.bytes).modules.filter { !$0.isBuildOnly }
            return modules.isEmpty && !file.isELF ? nil : modules
        }
        guard file.isELF else { return nil }
        return platform.programs[digest]?.facts?.elf.goBuildInfo.map(ProgramModule.all) ?? []
    }

    // Whether there are advisories of the package's ecosystem.
    private mutating func add(_ package: ComparedPackage, _ what: String, at file: AuditedFile?) -> Bool {
        guard let comparison = database.comparison(with: package) else { return false }
        undecided += comparison.undecided.map { "\($0) about \(what)" }
        let release = file.flatMap { $0.identity.isReleased ? $0.artifacts.first : nil }.map { " in \($0.key)" } ?? ""
        for match in comparison.matches {
            let fixed = match.fixed.isEmpty ? "not fixed" : "fixed in \(match.fixed.joined(separator: ", "))"
            let aliases = match.aliases.isEmpty ? "" : " (\(match.aliases.joined(separator: ", ")))"
            let summary = match.summary.isEmpty ? "" : ": \(match.summary)"
            affected.append(
                AdvisoryFinding(
                    platform: platform.platform,
                    path: file?.path,
                    message: "\(match.identifier)\(aliases) affects \(what)\(release); \(fixed)\(summary)",
                    version: package.version,
                    fixed: match.fixed.first
                )
            )
        }
        return true
    }
}
