def tell():
    return 'found'
