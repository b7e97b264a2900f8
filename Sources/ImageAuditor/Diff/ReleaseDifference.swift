package import ArtifactStore
import ContentAddress
import ELF
import Release

/// What changed from one release to another, file by file.
package struct ReleaseDifference: Sendable {
    /// What became of a file on a platform.
    package struct FileChange: Sendable {
        /// The artifact before; nil when it is new.
        package let before: Artifact?
        /// The artifact after; nil when it is gone.
        package let after: Artifact?
        /// What differs between two programs: build id, sections, libraries, Go modules, Rust crates.
        package let details: [Detail]
    }

    /// One fact of a program that differs.
    package struct Detail: Sendable, Hashable {
        /// Which fact.
        package let what: String
        /// Its text before; nil when there was none.
        package let before: String?
        /// Its text after; nil when there is none.
        package let after: String?
    }

    /// The files that differ.
    package let files: [FileChange]

    /// Compares the artifacts of two releases of a store.
    ///
    /// Throws what reading the store throws; a release that isn't there has no artifacts.
    package init(_ before: [Artifact], _ after: [Artifact], in store: Store) throws(StoreError) {
        let old = Dictionary(before.map { (Self.place($0), $0) }) { first, _ in first }
        let new = Dictionary(after.map { (Self.place($0), $0) }) { first, _ in first }
        var files: [FileChange] = []
        for place in Set(old.keys).union(new.keys).sorted() {
            let (left, right) = (old[place], new[place])
            if let left, let right, left.digest == right.digest, left.mode == right.mode { continue }
            files.append(FileChange(before: left, after: right, details: try Self.details(left, right, store)))
        }
        self.files = files
    }

    // Files of two releases are compared that stand at the same place, whatever the releases are called.
    private static func place(_ artifact: Artifact) -> String {
        "\(artifact.key.platform) " + (artifact.key.isProgram ? "" : "\(artifact.key.file)")
    }

    private static func details(_ left: Artifact?, _ right: Artifact?, _ store: Store) throws(StoreError) -> [Detail] {
        guard let left, let right, left.digest != right.digest else { return [] }
        guard let before = try store.binaryFacts(of: left.digest), let after = try store.binaryFacts(of: right.digest)
        else {
            return foreignDetails(
                try store.programIdentities(of: left.digest),
                try store.programIdentities(of: right.digest)
            )
        }
        var list = DetailList()
        let (own, other) = (ProgramIdentity(before), ProgramIdentity(after))
        list.compare("build id", own.buildID, other.buildID)
        list.compare("linkage", before.elf.linkage?.rawValue, after.elf.linkage?.rawValue)
        list.compare("interpreter", before.elf.interpreter, after.elf.interpreter)
        list.compare(
            "symbols",
            before.elf.isStripped ? "stripped" : "not stripped",
            after.elf.isStripped ? "stripped" : "not stripped"
        )
        list.compare("library", libraries(before), libraries(after))
        list.compareGo(own, other)
        list.compare(
            "crate",
            try RustCrates.versions(before, of: left.digest, in: store),
            try RustCrates.versions(after, of: right.digest, in: store)
        )
        list.compareSections(own, other)
        return list.details
    }

    // Slices of a universal file are compared with those for the same processor.
    private static func foreignDetails(_ before: [ProgramIdentity], _ after: [ProgramIdentity]) -> [Detail] {
        var list = DetailList()
        for own in before {
            guard let other = after.first(where: { $0.os == own.os && $0.architecture == own.architecture })
            else { continue }
            list.suffix = max(before.count, after.count) > 1 ? own.architecture.map { " (\($0))" } ?? "" : ""
            list.compare("build id", own.buildID, other.buildID)
            list.compareGo(own, other)
            list.compareSections(own, other)
        }
        return list.details
    }

    private static func libraries(_ facts: BinaryFacts) -> [String: String] {
        Dictionary(facts.elf.needed.map { ($0, "needed") }) { first, _ in first }
    }
}

/// What differs between two programs, as it is found.
private struct DetailList {
    private(set) var details: [ReleaseDifference.Detail] = []
    /// Which slice of a universal file they are about.
    var suffix = ""

    mutating func compare(_ what: String, _ before: String?, _ after: String?) {
        if before != after { details.append(.init(what: what + suffix, before: before, after: after)) }
    }

    mutating func compare(_ what: String, _ before: [String: String], _ after: [String: String]) {
        for key in Set(before.keys).union(after.keys).sorted() {
            compare("\(what) \(key)", before[key], after[key])
        }
    }

    mutating func compareGo(_ before: ProgramIdentity, _ after: ProgramIdentity) {
        compare("go", before.goBuildInfo?.goVersion, after.goBuildInfo?.goVersion)
        compare("go setting", before.goBuildInfo?.settings ?? [:], after.goBuildInfo?.settings ?? [:])
        compare("module", Self.modules(before), Self.modules(after))
    }

    mutating func compareSections(_ before: ProgramIdentity, _ after: ProgramIdentity) {
        compare("section", Self.sections(before), Self.sections(after))
    }

    private static func modules(_ program: ProgramIdentity) -> [String: String] {
        guard let info = program.goBuildInfo else { return [:] }
        let all = (info.module.map { [$0] } ?? []) + info.dependencies
        return Dictionary(all.map { ($0.path, $0.version + ($0.replacement.map { " => \($0)" } ?? "")) }) { first, _ in
            first
        }
    }

    // Size and the first digits of the digest: two sections of one size may differ.
    private static func sections(_ program: ProgramIdentity) -> [String: String] {
        let texts = program.sections.filter { !$0.name.isEmpty }.map { section in
            (section.name, "\(section.size) bytes" + (section.digest.map { ", \($0.short)" } ?? ""))
        }
        return Dictionary(texts) { "\($0); \($1)" }
    }
}
