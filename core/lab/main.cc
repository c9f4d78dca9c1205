#include <iostream>

#include "core/lab/lab.h"

int main(int argc, char** argv) {
  return ridgeline::RunLab(argc, argv, {std::cout, std::cerr});
}
