import ArtifactStore
import ContentAddress
import ELF
import Printable

/// What an ELF file says of itself.
enum BinaryParts {
    static func html(_ facts: BinaryFacts) -> HTML {
        let elf = facts.elf
        var rows: [(String, HTML)] = [
            ("Machine", "\(elf.machine), \(elf.elfClass.rawValue) bits, \(elf.endianness.rawValue)-endian"),
            ("Type", "\(elf.type.rawValue)"),
        ]
        if let linkage = elf.linkage { rows.append(("Linkage", "\(linkage.rawValue)")) }
        if let interpreter = elf.interpreter { rows.append(("Interpreter", "<code>\(interpreter)</code>")) }
        if !elf.needed.isEmpty {
            let needed: [HTML] = elf.needed.prefix(40).map { "<code>\($0)</code>" }
            rows.append(("Needs", needed.joined(" ")))
        }
        if let name = elf.soName { rows.append(("Name", "<code>\(name)</code>")) }
        if let buildID = elf.buildIDText { rows.append(("Build ID", "<code class=\"digest whole\">\(buildID)</code>")) }
        if let go = elf.goBuildInfo {
            rows.append(("Go", "\(go.goVersion), package <code>\(go.packagePath)</code>"))
        }
        if let note = elf.packageNote { rows.append(("Package", "<code>\(note)</code>")) }
        rows.append(("Symbols", elf.isStripped ? "stripped" : "there"))
        if let digest = facts.textDigest { rows.append(("Code", Parts.whole(digest))) }
        return "\(Parts.facts(rows))\(sections(facts))"
    }

    private static func sections(_ facts: BinaryFacts) -> HTML? {
        guard !facts.elf.sections.isEmpty else { return nil }
        var table = Table("Sections", ["Section": "main", "Size": "num", "Digest": ""])
        for (section, digest) in zip(facts.elf.sections, facts.sectionDigests).prefix(200) {
            let short: HTML? = digest.map { "<span class=\"digest\" title=\"\($0)\">\($0.hex.prefix(12))</span>" }
            table.add("<code>\(section.name)</code>", "\(ByteCount.grouped(section.size))", "\(short)")
        }
        return
            "<details><summary>\(Parts.count(facts.elf.sections.count, "section", "sections"))</summary>\(table.html)</details>"
    }
}
