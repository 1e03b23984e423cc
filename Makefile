# What there is to do here. Everything needed and missing is installed or built on the way: see tests/setup.
.DEFAULT_GOAL := help
.PHONY: help build test demo demo-down images bench clean

# Compilers that stay in memory between builds would outlive a CI run.
dotnet_build := dotnet build --disable-build-servers --nologo --verbosity quiet

help: ## what each target does
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

build: ## compile everything
	$(dotnet_build) LocalRegistry.slnx

test: ## every test, from unit to end to end; SUITES="Registry.Tests ..." for some
	@tests/run.sh $(SUITES)

demo: ## a two-node cluster, an S3, the operator, a registry and a mirror on both nodes, pods that pull from it
	@echo compiling the demo
	@$(dotnet_build) tests/Demo
	@dotnet artifacts/bin/Demo/debug/LocalRegistry.Demo.dll up

demo-down: ## take the demo away
	@echo compiling the demo
	@$(dotnet_build) tests/Demo
	@dotnet artifacts/bin/Demo/debug/LocalRegistry.Demo.dll down

images: ## the images of operator and registry, and those of the test bed
	@tests/setup/setup.sh

bench: ## measure our registry against Docker's and nginx; BENCH="--only cold-get --rounds 1" for some, --help for all options
	@tests/setup/setup.sh tools engine s3
	@dotnet build --disable-build-servers --nologo --verbosity quiet --configuration Release tests/Benchmarks
	@dotnet artifacts/bin/Benchmarks/release/LocalRegistry.Benchmarks.dll $(BENCH)

clean: ## remove what builds made; what the test bed keeps is in ~/.cache/localregistry
	rm -rf artifacts
