import Foundation
import TestSupport
import Testing

@testable import Proofs

/// Where keys and their passphrases are read from.
@Suite struct KeySourceTests {
    private func withFile(_ text: String, mode: Int = 0o600, _ body: (String) throws -> Void) throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/file"
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            try body(path)
        }
    }

    @Test(arguments: [(0o600, false), (0o400, false), (0o640, true), (0o604, true)])
    func aKeyThatOthersMayReadIsKnown(mode: Int, isOpen: Bool) throws {
        try withFile("key", mode: mode) { #expect(KeySource($0).isOpenToOthers == isOpen) }
    }

    @Test func aVariableIsNotAFile() {
        let source = KeySource("env:BINDERY_TEST_KEY_THAT_IS_NOT_SET")
        #expect(!source.isOpenToOthers)
        #expect(source.name == "the variable BINDERY_TEST_KEY_THAT_IS_NOT_SET")
        #expect(throws: ProofError.self) { try source.bytes() }
    }

    @Test(arguments: [("secret\nmore\n", "secret"), ("secret\r\n", "secret"), ("secret", "secret")])
    func aPassphraseIsTheFirstLine(text: String, passphrase: String) throws {
        try withFile(text) { path in
            let read = try KeyPassphrase.read(file: path)
            #expect(read == Array(passphrase.utf8))
        }
    }

    @Test(arguments: ["", "\nsecret\n", String(repeating: "x", count: 1024)])
    func anEmptyOrLongFirstLineIsRefused(text: String) throws {
        try withFile(text) { path in
            #expect(throws: ProofError.self) { try KeyPassphrase.read(file: path) }
        }
    }
}
