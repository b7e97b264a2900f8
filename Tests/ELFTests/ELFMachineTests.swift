import ELF
import Testing

@Suite struct ELFMachineTests {
    @Test(arguments: [
        (ELFMachine.i386, "an i386"), (.mips, "a MIPS"), (.ppc64, "a PowerPC64"), (.s390, "an S/390"),
        (.arm, "an ARM"), (.sparc64, "a SPARC V9"), (.x86_64, "an x86-64"), (.aarch64, "an AArch64"),
        (.bpf, "an eBPF"), (.riscv, "a RISC-V"), (.loongArch, "a LoongArch"),
        (ELFMachine(rawValue: 4711), "a machine 4711"),
    ])
    func theArticleIsThatOfTheSpokenName(machine: ELFMachine, words: String) {
        #expect("\(machine.article) \(machine)" == words)
    }
}
