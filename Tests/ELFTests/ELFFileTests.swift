import ELF
import Foundation
import Testing

@Suite struct ELFFileTests {
    @Test(
        arguments: [
            (UInt16(2), nil, [], ELFFile.ObjectType.executable, ELFFile.Linkage.static),
            (2, "/lib/ld.so", [(1, .string("libc.so"))], .executable, .dynamic),
            (3, "/lib/ld.so", [(1, .string("libc.so"))], .executable, .dynamic),
            (3, nil, [(0x6FFF_FFFB, .number(0x0800_0000))], .executable, .staticPIE),
            (3, nil, [(14, .string("libx.so.1"))], .sharedObject, .dynamic),
            // A static program of before DF_1_PIE, and a library that carries a program's mark.
            (3, nil, [(21, .number(0))], .executable, .staticPIE),
            (3, nil, [(21, .number(0)), (14, .string("libx.so.1"))], .sharedObject, .dynamic),
            // Nothing but an entry says that it is a program; a plugin without a name needs its host's libraries.
            (3, nil, [(24, .number(0))], .executable, .staticPIE),
            (3, nil, [(1, .string("libc.so"))], .sharedObject, .dynamic),
            // What UPX makes of a position-independent program.
            (3, nil, [], .executable, .static),
            // glibc's own library is a program, too.
            (3, "/lib/ld.so", [(14, .string("libc.so.6"))], .sharedObject, .dynamic),
        ] as [(UInt16, String?, [(UInt64, ELFImage.Dynamic)], ELFFile.ObjectType, ELFFile.Linkage)]
    )
    func tellsProgramsFromLibrariesAndHowTheyAreLinked(
        header: UInt16,
        interpreter: String?,
        dynamic: [(UInt64, ELFImage.Dynamic)],
        type: ELFFile.ObjectType,
        linkage: ELFFile.Linkage
    ) throws {
        var image = ELFImage(type: header, interpreter: interpreter)
        image.dynamic = dynamic.isEmpty ? nil : dynamic.map { (tag: $0.0, value: $0.1) }
        let file = try #require(try read(image.bytes()))
        #expect(file.type == type)
        #expect(file.linkage == linkage)
    }

    @Test(
        arguments: [
            (UInt16(62), true, false, "amd64"), (62, false, false, nil), (183, true, false, "arm64"),
            (40, false, false, "arm"),
            (3, false, false, "386"), (243, true, false, "riscv64"), (21, true, false, "ppc64le"),
            (21, true, true, "ppc64"),
            (22, true, true, "s390x"), (258, true, false, "loong64"), (8, false, true, "mips"),
            (8, true, false, "mips64le"),
            (4711, true, false, nil),
        ] as [(UInt16, Bool, Bool, String?)]
    )
    func namesThePlatformsArchitecture(machine: UInt16, is64: Bool, isBig: Bool, architecture: String?) throws {
        let file = try #require(try read(ELFImage(is64: is64, isBig: isBig, machine: machine).bytes()))
        #expect(file.architecture == architecture)
        #expect(file.machine.rawValue == machine)
    }

    @Test(
        "EI_OSABI and the notes of the BSDs name the system",
        arguments: [
            (0, nil, nil), (3, nil, nil), (97, nil, nil), (9, nil, "freebsd"), (2, nil, "netbsd"), (12, nil, "openbsd"),
            (6, nil, "solaris"), (0, "NetBSD", "netbsd"), (0, "OpenBSD", "openbsd"), (0, "FreeBSD", "freebsd"),
            (0, "DragonFly", "dragonfly"), (0, "GNU", nil),
        ] as [(UInt8, String?, String?)]
    )
    func namesTheSystem(abi: UInt8, note: String?, system: String?) throws {
        var image = ELFImage()
        if let note { image.notes = [.init(owner: note, type: 1, bytes: [1, 0, 0, 0])] }
        var bytes = image.bytes()
        bytes[7] = abi
        #expect(try read(bytes)?.operatingSystem == system)
    }

    @Test func aSymbolTableMakesItUnstripped() throws {
        var image = ELFImage()
        #expect(try read(image.bytes())?.isStripped == true)
        image.extra = [(".symtab", 2, 0, [])]
        #expect(try read(image.bytes())?.isStripped == false)
    }

    @Test func theJSONFormIsStableAndReadsBack() throws {
        let file = try #require(try read(HostileFileTests.image().bytes()))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = try encoder.encode(file)
        #expect(try JSONDecoder().decode(ELFFile.self, from: data) == file)
        let text = String(decoding: data, as: UTF8.self)
        for part in [
            #""buildID":"000102030405060708090a0b0c0d0e0f10111213""#, #""elfClass":64"#, #""endianness":"little""#,
            #""machine":"x86-64""#, #""type":"executable""#, #""linkage":"dynamic""#, #""needed":["libc.so.6"]"#,
            #""interpreter":"/lib64/ld-linux-x86-64.so.2""#, #""goVersion":"go1.22.1""#, #""isStripped":true"#,
            #""flags":2,"name":".interp","offset":"#, #""type":"PROGBITS"}"#, #""address":"0x400"#,
        ] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
        #expect(file.buildID == Array(0..<20))
    }

    @Test func everyKnownMachineAndSectionTypeReadsBackFromItsName() throws {
        for value in UInt16.min...UInt16.max {
            let machine = ELFMachine(rawValue: value)
            let data = try JSONEncoder().encode([machine])
            guard try JSONDecoder().decode([ELFMachine].self, from: data) == [machine] else {
                Issue.record("machine \(value)")
                continue
            }
        }
        for value in Array(0...64) + [0x6fff_fff6, 0x7000_0001, .max] as [UInt32] {
            let type = ELFFile.SectionType(rawValue: value)
            #expect(try JSONDecoder().decode([ELFFile.SectionType].self, from: JSONEncoder().encode([type])) == [type])
        }
    }

    /// `objcopy --only-keep-debug` leaves program headers that point at bytes of something else.
    @Test func aFileOfDebugInformationHasNoInterpreter() throws {
        var bytes = HostileFileTests.image().bytes()
        let sections = (0..<8).reduce(0) { $0 | Int(bytes[40 + $1]) << (8 * $1) }
        for index in 1...3 { bytes[sections + 64 * index + 4] = 8 }
        let file = try #require(try read(bytes))
        #expect(file.interpreter == nil)
        #expect(file.needed == [])
    }
}
