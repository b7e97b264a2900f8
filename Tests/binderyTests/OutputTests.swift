import Foundation
import Printable
import Testing

@testable import bindery

@Suite struct OutputTests {
    @Test(
        arguments: [
            (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1949, "1.9 kB"), (99_999, "99.9 kB"), (100_000, "100 kB"),
            (38_400_000, "38.4 MB"), (Int64.max, "9.2 EB"),
        ] as [(Int64, String)]
    )
    func sizesAreReadable(count: Int64, text: String) {
        #expect(ByteCount.text(count) == text)
    }

    @Test("JSON is the same document, with nothing that plays with a terminal or a CI system")
    func jsonIsPrintable() throws {
        let names = ["a\u{1B}[2J\u{9B}\u{7F}\r\n", "\u{2028}::error::no", "##[error]no", "\u{202E}🙂\u{E0001}\\"]
        let text = try Output.encoded(names)
        #expect(try JSONDecoder().decode([String].self, from: Data(text.utf8)) == names)
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar == "\n"
                || ![.control, .format, .lineSeparator].contains(scalar.properties.generalCategory)
        }
        #expect(isPlain && !text.contains("##[") && text.contains("🙂"))
    }

    @Test func cellsAreOneLine() {
        #expect(("a\n::b" as String).shown == "a\\n::b")
        #expect(("a\("x\ny")" as Message).shown == "ax\\ny")
    }

    @Test(arguments: ["755", "0755", "0", "777"])
    func modesAreOctal(text: String) throws {
        #expect(try Arguments.mode(text) == UInt16(text, radix: 8))
    }

    @Test(arguments: ["", "8", "4755", "-1", "rwx"])
    func otherModesAreRefused(text: String) {
        #expect(throws: (any Error).self) { try Arguments.mode(text) }
    }

    @Test(arguments: [
        (StoreOptionGroup.path(store: "/a", environment: ["BINDERY_STORE": "/b"]), "/a"),
        (StoreOptionGroup.path(store: nil, environment: ["BINDERY_STORE": "/b", "XDG_DATA_HOME": "/c"]), "/b"),
        (StoreOptionGroup.path(store: nil, environment: ["BINDERY_STORE": "", "XDG_DATA_HOME": "/c"]), "/c/bindery"),
        (StoreOptionGroup.path(store: nil, project: "/p", environment: ["BINDERY_STORE": "/b"]), "/b"),
        (StoreOptionGroup.path(store: nil, project: "/p", environment: ["XDG_DATA_HOME": "/c"]), "/p"),
        (
            StoreOptionGroup.path(store: nil, environment: ["XDG_DATA_HOME": "relative", "HOME": "/home/me"]),
            "/home/me/.local/share/bindery"
        ),
    ])
    func theStoresPlaceFollowsTheOrderOfTheHelp(path: String, expected: String) {
        #expect(path == expected)
    }

    @Test(
        arguments: [
            (0, "root"), (1000, "me"), (7, nil), (12, nil),
        ] as [(UInt32, String?)]
    )
    func usersAreFoundInThePasswordFile(user: UInt32, name: String?) {
        let text =
            "root:x:0:0:root:/root:/bin/bash\nbroken:x:7\n\n:x:12:1::/:/bin/sh\nme:x:1000:1000:Me,,,:/home/me:/bin/sh\n"
        #expect(PasswordFile.entry(of: user, in: text)?.name == name)
    }
}
