import ArgumentParser
import Attestation
import Proofs

/// The key that a command signs with: a file, an environment variable, or a program that has it.
struct SigningOptionGroup: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The private key, a file or env:NAME; by default what $BINDERY_RELEASE_KEY names, or that of another role.",
            valueName: "file|env:name"
        )
    )
    var key: String?

    @Option(
        help: ArgumentHelp(
            "The key's passphrase, in the first line of a file; $BINDERY_KEY_PASSPHRASE by default.",
            valueName: "file"
        ),
        completion: .file()
    )
    var passphraseFile: String?

    @Option(help: ArgumentHelp("A program that signs instead, for a KMS or an HSM.", valueName: "program"))
    var signer: String?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("An argument of that program; repeatable.", valueName: "argument")
    )
    var signerArg: [String] = []

    @Option(
        help: ArgumentHelp("The public key of what that program signs with.", valueName: "file"),
        completion: .file()
    )
    var signerKey: String?

    func validate() throws {
        try Complaints.check { complaints in
            complaints.require(key == nil || signer == nil, "--key and --signer exclude each other")
            complaints.require(
                (signer == nil) == (signerKey == nil),
                "--signer and --signer-key go together: signatures are verified by that key"
            )
            complaints.require(signerArg.isEmpty || signer != nil, "--signer-arg has no effect without --signer")
            complaints.require(
                passphraseFile == nil || signer == nil,
                "--passphrase-file has no effect with --signer"
            )
        }
    }

    /// What signs in a role; nil when no key is given.
    ///
    /// ``Signing/checkRole(_:of:in:warn:)`` asks the store, once it is open, whether the key has another role there.
    func signer(as role: KeyRole) throws -> (any Signing)? {
        if let signer, let signerKey {
            return SigningProgram(
                program: signer,
                arguments: signerArg,
                publicKey: try KeySource(signerKey).publicKey(for: role),
                role: role
            )
        }
        let variable = "BINDERY_\(role.rawValue.uppercased())_KEY"
        let named = EnvironmentVariable.value(variable)
        guard let source = key ?? named else {
            guard passphraseFile == nil else {
                throw UsageError(
                    description: "--passphrase-file has no effect without a key: give --key, or set \(variable)"
                )
            }
            return nil
        }
        let passphrase = try KeyPassphrase.read(file: passphraseFile)
        return try KeySource(source).guardedPrivateKey(passphrase: passphrase, for: role)
    }
}
