import ArgumentParser
import ArtifactStore
import ContentAddress
import ELF
import Glibc
import OCI
import Printable
import Release
import SystemIO

struct InspectCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Says what a program is: machine, linkage, libraries, build-id, build information.",
        discussion: """
            Examples:
              bindery inspect dist/mount-monitor-linux-arm64
              bindery inspect mount-monitor@1.2.3 --platform linux/arm64 --sections
            """
    )

    @Argument(help: "A file, a release name@version, or '-' for standard input.", completion: .file())
    var subject: String

    @Option(help: "Which artifact of the release.", completion: Completions.platforms, transform: Arguments.platform)
    var platform: ArtifactPlatform?

    @Flag(help: "List the sections with their digests.")
    var sections = false

    @OptionGroup var options: StoreOptionGroup

    func run() throws {
        let inspected = try inspect()
        if options.json { return try Output.json(["files": inspected]) }
        for file in inspected { print(file) }
    }

    private func inspect() throws -> [Inspected] {
        if (try? FileStatus.of(subject)) != nil || !subject.contains("@") {
            guard platform == nil else {
                throw UsageError(description: "--platform has no effect on a file, \(subject)")
            }
            return [try inspectFile()]
        }
        let release = try ReleaseKey(parsing: subject)
        let store = try options.openForReading()
        let all = try store.artifacts(of: release)
        let chosen = all.filter { platform == nil || $0.key.platform == platform }
        guard !chosen.isEmpty else { throw store.nothing(of: release, platform: platform, among: all) }
        return try chosen.map { artifact in
            Inspected(
                subject: "\(artifact.key)",
                digest: artifact.digest,
                size: artifact.size,
                facts: try store.binaryFacts(of: artifact.digest),
                programs: try store.programIdentities(of: artifact.digest)
            )
        }
    }

    private func inspectFile() throws -> Inspected {
        guard subject == "-" || (try? FileStatus.ofLink(subject)) != nil else {
            let hint =
                "it is neither a file nor a release, which is NAME@VERSION; `bindery show` takes digests and images"
            throw StoreError.notFound(what: "'\(subject)'", hint: hint)
        }
        let file = try InputFile.open(subject)
        let status = try file.status()
        guard status.kind == .file else { throw StoreError.notARegularFile(path: subject, kind: status.kind) }
        let mapped = try MappedFile(file)
        do {
            let facts = try BinaryFacts.read(mapped.bytes)
            return Inspected(
                subject: subject,
                digest: .of(mapped.bytes),
                size: status.size,
                facts: facts,
                programs: ProgramIdentity.read(mapped.bytes)
            )
        } catch {
            throw StoreError.damagedProgram(path: subject, reason: error)
        }
    }

    private func print(_ file: Inspected) {
        Output.line(Style.bold(file.subject))
        func line(_ title: String, _ text: String?) {
            guard let text, !text.isEmpty else { return }
            Output.line("  \(title)\(String(repeating: " ", count: max(1, 14 - title.count)))\(text)")
        }
        line("digest", file.digest.shown)
        line("size", "\(file.size) bytes (\(ByteCount.text(file.size)))")
        guard let elf = file.facts?.elf else { return printForeign(file, line: line) }
        line(
            "kind",
            "\(elf.machine) ELF, \(elf.elfClass.rawValue)-bit \(elf.endianness.rawValue)-endian, \(elf.type.rawValue)"
        )
        line("platform", elf.platform?.description)
        line("linkage", elf.linkage?.rawValue)
        line("interpreter", elf.interpreter)
        line("needs", elf.needed.joined(separator: " "))
        line("runpath", elf.runPath)
        line("rpath", elf.rPath)
        line("soname", elf.soName)
        line("build-id", elf.buildID.map { Hexadecimal.encode($0) })
        line("symbols", elf.isStripped ? "stripped" : "not stripped")
        if let build = elf.goBuildInfo { printGo(build, line: line) }
        line("package", elf.packageNote)
        line("code", file.facts?.textDigest?.shown)
        guard sections else { return }
        var table = Table([("SECTION", .path), ("OFFSET", .right), ("SIZE", .right), ("DIGEST", .left)])
        for (section, digest) in zip(elf.sections, file.facts?.sectionDigests ?? []) {
            table.add(section.name, "\(section.offset)", "\(section.size)", digest?.shown ?? "")
        }
        table.print()
    }

    private func printForeign(_ file: Inspected, line: (String, String?) -> Void) {
        guard let programs = file.programs else { return line("kind", "not a program") }
        for program in programs {
            line("platform", program.platform?.description)
            line("build-id", program.buildID)
            if let build = program.goBuildInfo { printGo(build, line: line) }
            line("code", program.code?.shown)
            guard sections else { continue }
            var table = Table([("SECTION", .path), ("SIZE", .right), ("DIGEST", .left)])
            for section in program.sections {
                table.add(section.name, "\(section.size)", section.digest?.shown ?? "")
            }
            table.print()
        }
    }

    private func printGo(_ build: GoBuildInfo, line: (String, String?) -> Void) {
        line("go", build.goVersion)
        line("module", build.module.map { "\($0.path) \($0.version)" })
        line("revision", build.settings["vcs.revision"])
    }

    private struct Inspected: Encodable {
        let subject: String
        let digest: Digest
        let size: Int64
        let facts: BinaryFacts?
        /// One for each processor of another system's program; nil for all else.
        let programs: [ProgramIdentity]?

        init(subject: String, digest: Digest, size: Int64, facts: BinaryFacts?, programs: [ProgramIdentity]) {
            self.subject = subject
            self.digest = digest
            self.size = size
            self.facts = facts
            self.programs = facts == nil && !programs.isEmpty ? programs : nil
        }
    }
}
