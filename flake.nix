# No lock file is shipped: nix makes one at first use.
{
  description = "Claude Code in a container that exists only for one run";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
      ];
      forEachSystem = f: nixpkgs.lib.genAttrs systems (system: f nixpkgs.legacyPackages.${system});
    in
    {
      packages = forEachSystem (pkgs: {
        default = pkgs.callPackage ./nix/package.nix { };
      });

      devShells = forEachSystem (pkgs: {
        default = pkgs.mkShell {
          inputsFrom = [ self.packages.${pkgs.stdenv.hostPlatform.system}.default ];
          # What `./dev` needs besides to test, to measure, and to install Claude Code.
          packages = with pkgs; [
            bubblewrap
            chromium
            clang
            clang-tools
            cmocka
            curl
            dropbear
            gdb
            git
            gnumake
            hyperfine
            nodejs
            openssh
            procps
            python3
            shellcheck
            strace
            systemd
            tmux
            util-linux
          ];
        };
      });
    };
}
